import { type Cancel, type Clock, checkKeys, invalidArgument } from '@sluice/core';
import { VirtualParticipant } from './virtual-participant.ts';
import { type NetworkConditions, VirtualPath } from './virtual-path.ts';
import { mixInto } from './voice-mix.ts';

/** Clock, rate and seed of a {@link VirtualRoom}. */
export interface VirtualRoomOptions {
  /** `VirtualClock` of `@sluice/core/testing`, as a rule. */
  readonly clock: Clock;
  /** Of everything that is sent and heard, in hertz: 8,000, 16,000, 24,000 or 48,000. Default 16,000. */
  readonly sampleRate?: number;
  /** Of lost packets, jitter and noise. Default 1. */
  readonly seed?: number;
  /** Whether what was sent and heard is kept. Default true. */
  readonly keep?: boolean;
}

/** Who came or went. */
export interface RoomChange {
  /** Which of the two. */
  readonly type: 'joined' | 'left';
  /** Of whom; a name is in the room once. */
  readonly name: string;
}

/** Milliseconds of a tick. */
const TICK_MS = 10;
const rates = [8_000, 16_000, 24_000, 48_000];

/**
 * A call without a network and without an engine: participants speak through the real devices, and hear each other by the
 * sample, on one clock. Any number of rooms live in one process.
 *
 * A moment of the clock is a sample of the timeline: what a device lets go at `t` stands at `t`, and is heard `delayMs`
 * later. `sent` and `heard` of all participants begin together, at `startMs`.
 *
 * @example
 * const clock = new VirtualClock();
 * const room = virtualRoom({ clock });
 * const [agent, anna] = [room.join('agent'), room.join('anna')];
 * room.path('anna', 'agent').set({ delayMs: 60, loss: 0.05 });
 * const speaks = toMicrophone(agent.createMicrophone());
 * const hears = agent.hears();
 * anna.place(samples, clock.now() + 500);
 * @throws TypeError, RangeError for options that do not exist or are out of range
 */
export function virtualRoom(options: VirtualRoomOptions): VirtualRoom {
  return new VirtualRoom(options);
}

/** Made by `virtualRoom`. */
export class VirtualRoom {
  readonly clock: Clock;
  readonly sampleRate: number;
  /** The clock at the first sample, in milliseconds. */
  readonly startMs: number;
  readonly #seed: number;
  readonly #keep: boolean;
  readonly #participants = new Map<string, VirtualParticipant>();
  /** By sender and receiver; they outlive both, so that conditions may be set before anybody joins. */
  readonly #paths = new Map<string, VirtualPath>();
  readonly #listeners = new Set<(change: RoomChange) => void>();
  #conditions: NetworkConditions = {};
  #ticks = 0;
  #joined = 0;
  #cancel: Cancel;

  constructor(options: VirtualRoomOptions) {
    checkKeys<VirtualRoomOptions>('virtualRoom', options, { clock: true, sampleRate: true, seed: true, keep: true });
    const { clock, sampleRate = 16_000, seed = 1, keep = true } = options;
    if (!rates.includes(sampleRate)) throw invalidArgument('sampleRate', `one of ${rates.join(', ')}`, sampleRate);
    this.clock = clock;
    this.sampleRate = sampleRate;
    this.startMs = clock.now();
    this.#seed = seed;
    this.#keep = keep;
    this.#cancel = clock.at(this.startMs + TICK_MS, this.#tick);
  }

  /** Those who are in the room, in the order in which they came. */
  get participants(): readonly VirtualParticipant[] {
    return [...this.#participants.values()];
  }

  /**
   * Lets somebody in, heard from the next tick of 10 ms on. `keep`: whether what it sends and hears is kept, as the room
   * says otherwise. Throws `SLUICE_INVALID_ARGUMENT` for a name that is there.
   */
  join(name: string, { keep = this.#keep }: { readonly keep?: boolean } = {}): VirtualParticipant {
    if (typeof name !== 'string' || name === '') throw invalidArgument('name', 'a name', name);
    if (this.#participants.has(name)) throw invalidArgument('name', 'the name of nobody in the room', name);
    const { clock, startMs, sampleRate } = this;
    const seed = this.#seed * 1_000 + this.#joined++;
    const participant = new VirtualParticipant(name, { clock, startMs, sampleRate, seed, keep }, () => {
      this.#participants.delete(name);
      for (const other of this.#participants.keys())
        for (const path of [this.path(name, other), this.path(other, name)]) path.reset();
      this.#tell({ type: 'left', name });
    });
    this.#participants.set(name, participant);
    this.#tell({ type: 'joined', name });
    return participant;
  }

  /** Hears of those who come and go; those who are there are told of at once. */
  onChange(listener: (change: RoomChange) => void): Cancel {
    this.#listeners.add(listener);
    for (const name of this.#participants.keys()) listener({ type: 'joined', name });
    return () => this.#listeners.delete(listener);
  }

  /** The network from one to another, whether they are in the room or not. */
  path(from: string, to: string): VirtualPath {
    const key = JSON.stringify([from, to]);
    let path = this.#paths.get(key);
    if (path === undefined) {
      // By the names, so that it does not matter who speaks first.
      path = new VirtualPath(this.sampleRate, this.#seed + hash(key));
      path.set(this.#conditions);
      this.#paths.set(key, path);
    }
    return path;
  }

  /** The network between all, also those who are still to come. */
  setNetwork(conditions: NetworkConditions): void {
    for (const path of this.#paths.values()) path.set(conditions);
    this.#conditions = { ...this.#conditions, ...conditions };
  }

  /** Loses everything that anybody sends for so long. */
  cut(ms: number): void {
    const until = Math.ceil(((this.clock.now() + ms - this.startMs) * this.sampleRate) / 1_000);
    for (const from of this.#participants.keys())
      for (const to of this.#participants.keys()) if (from !== to) this.path(from, to).cutUntil(until);
  }

  /** Ends the room: everybody leaves. */
  async close(): Promise<void> {
    this.#cancel();
    for (const participant of this.participants) await participant.leave();
  }

  #tick = (): void => {
    this.#ticks++;
    this.#cancel = this.clock.at(this.startMs + (this.#ticks + 1) * TICK_MS, this.#tick);
    const length = (this.sampleRate * TICK_MS) / 1_000;
    const at = (this.#ticks - 1) * length;
    const all = this.participants;
    for (const from of all) {
      const block = from.speakBlock(at, length);
      for (const to of all) if (to !== from) this.path(from.name, to.name).send(at, block);
    }
    for (const to of all) {
      const mix = new Int16Array(length);
      const heard = new Map<string, Int16Array>();
      for (const from of all) {
        if (from === to) continue;
        const block = new Int16Array(length);
        this.path(from.name, to.name).receive(at, block);
        mixInto(mix, block, 0);
        heard.set(from.name, block);
      }
      to.hearBlock(at, mix, heard);
    }
  };

  #tell(change: RoomChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
