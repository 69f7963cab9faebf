import type { Cancel, Clock } from '@sluice/core';
import { DenialError } from '../denial-error.ts';
import type { Member } from '../members/member.ts';
import type { Roster } from '../members/roster.ts';

/** Pauses in milliseconds: the comma of modems, and the half second of the web's telephony. */
const PAUSES: Readonly<Record<string, number>> = { ',': 2_000, w: 500 };
/** Tones of one participant that may wait to be told. */
const MOST = 256;

interface Digit {
  readonly to: string | undefined;
  readonly tone: string;
  readonly durationMs: number;
}

/** Tells digits one by one, each when the one before is over. */
export class Digits {
  readonly #clock: Clock;
  readonly #roster: Roster;
  readonly #queues = new Map<Member, { digits: Digit[]; cancel: Cancel }>();

  constructor(clock: Clock, roster: Roster) {
    this.#clock = clock;
    this.#roster = roster;
  }

  /** After those that the same member sent before. */
  send(from: Member, to: string | undefined, tones: string, durationMs: number): void {
    const digits = [...tones].map((tone) => ({ to, tone, durationMs }));
    const queue = this.#queues.get(from);
    if ((queue?.digits.length ?? 0) + digits.length > MOST)
      throw new DenialError('rate', `more than ${MOST} digits wait to be told`);
    if (queue !== undefined) queue.digits.push(...digits);
    else {
      this.#queues.set(from, { digits, cancel: () => {} });
      this.#next(from);
    }
  }

  /** The member is gone, and so is what it has not said yet. */
  forget(from: Member): void {
    this.#queues.get(from)?.cancel();
    this.#queues.delete(from);
  }

  #next(from: Member): void {
    const queue = this.#queues.get(from)!;
    const digit = queue.digits.shift();
    if (digit === undefined) {
      this.#queues.delete(from);
      return;
    }
    const pauseMs = PAUSES[digit.tone];
    if (pauseMs === undefined) this.#tell(from, digit);
    queue.cancel = this.#clock.at(this.#clock.now() + (pauseMs ?? digit.durationMs), () => this.#next(from));
  }

  #tell(from: Member, { to, tone, durationMs }: Digit): void {
    const message = { type: 'dtmf', from: from.id, tone, durationMs } as const;
    if (to === undefined) this.#roster.broadcast(message, from);
    else this.#roster.get(to)?.send(message);
  }
}
