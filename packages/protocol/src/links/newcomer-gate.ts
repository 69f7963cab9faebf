import type { PeerBody } from '../peer-body.ts';
import { mediaSections } from '../sdp-policy.ts';
import type { Timers } from './timers.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * What those who are not connected yet may cost all together, at once and a second: about as many milliseconds of the engine.
 * Sixteen people may come at once, and a full room within 5 s.
 */
const BURST = 160;
const PER_SECOND = 96;
/** A connection; each media section of an offer costs one more. */
const CONNECTION = 8;
/** Messages of one that has to wait. */
const MOST_HELD = 128;

/** Somebody whose messages pass. */
export interface Newcomer {
  /** A connection with it exists, or is being made. */
  readonly linked: boolean;
  /** There was one that worked. */
  readonly established: boolean;
  /** Takes what passes. */
  receive(body: PeerBody): void;
}

/**
 * Where messages of those pass who were never connected: a participant costs little, but one that comes again and again as
 * somebody else has every limit of a participant anew. They take turns; who is connected already waits for none of them.
 */
export class NewcomerGate {
  readonly #timers: Timers;
  readonly #work: TokenBucket;
  /** In the order of their turns. */
  readonly #held = new Map<Newcomer, PeerBody[]>();
  #cancel: (() => void) | undefined;

  constructor(timers: Timers) {
    this.#timers = timers;
    this.#work = new TokenBucket({ clock: timers, burst: BURST, perSecond: PER_SECOND });
  }

  /** Passes on what somebody says, now or when it is its turn. */
  receive(from: Newcomer, body: PeerBody): void {
    const held = this.#held.get(from);
    if (held !== undefined) {
      if (held.length < MOST_HELD) held.push(body);
      return;
    }
    const cost = costOf(from, body);
    if (cost > 0 && this.#work.left <= 0) {
      this.#held.set(from, [body]);
      return this.#wait();
    }
    this.#work.take(cost);
    from.receive(body);
  }

  /** It is gone. */
  forget(from: Newcomer): void {
    this.#held.delete(from);
  }

  /** Nobody has a turn any more. */
  close(): void {
    this.#held.clear();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(): void {
    const ms = Math.max(0, (-this.#work.left / PER_SECOND) * 1_000) + 1;
    this.#cancel ??= this.#timers.after(ms, () => this.#release());
  }

  #release(): void {
    this.#cancel = undefined;
    while (this.#work.left > 0) {
      const next = this.#held.entries().next().value;
      if (next === undefined) return;
      this.#turn(...next);
    }
    if (this.#held.size > 0) this.#wait();
  }

  /** One thing that costs, and what costs nothing behind it. */
  #turn(from: Newcomer, held: PeerBody[]): void {
    this.#held.delete(from);
    let spent = false;
    while (held.length > 0) {
      const cost = costOf(from, held[0]!);
      if (cost > 0 && spent) break;
      spent ||= cost > 0;
      this.#work.take(cost);
      from.receive(held.shift()!);
    }
    if (held.length > 0) this.#held.set(from, held);
  }
}

function costOf({ linked, established }: Newcomer, body: PeerBody): number {
  if (established) return 0;
  const connection = linked ? 0 : CONNECTION;
  if (body.kind === 'subscribe') return body.tracks.length + (body.staged?.length ?? 0) > 0 ? connection : 0;
  if (body.kind !== 'description' || body.description.type === 'answer') return 0;
  return connection + mediaSections(body.description.sdp);
}
