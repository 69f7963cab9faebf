// Doubles and probes: an actor without a graph, harnesses, faults, ends that count. No measurement of what frames
// hold.

import { AssertionError } from 'node:assert';
import { checkKeys, type KeysOf } from '../check-keys.ts';
import {
  type ActorContext,
  type ControlMessage,
  type Interruption,
  nothingWaits,
  type Waiting,
} from '../operators/actor-context.ts';
import type { Cancel } from '../time/clock.ts';
import { VirtualClock } from '../time/virtual-clock.ts';

/** What {@link ActorDouble} runs by. */
export interface ActorDoubleOptions {
  /** As errors show it. Default `double`. */
  readonly name?: string;
  /** Default: a new clock at 0. */
  readonly clock?: VirtualClock;
  /** Numbers from 0 to 1. Default: always 0.5. */
  readonly random?: () => number;
  /** Whether there is room at first. Default true. */
  readonly room?: boolean;
  /** Whether media comes in its own time. Default true. */
  readonly paced?: boolean;
}

/** The keys of `ActorDoubleOptions`, for those that extend them. */
export const actorDoubleKeys = {
  name: true,
  clock: true,
  random: true,
  room: true,
  paced: true,
} as const satisfies KeysOf<ActorDoubleOptions>;

/** What an interruption came to. Durations in microseconds. */
export interface InterruptionOutcome {
  /** The one that began. */
  readonly epoch: number;
  /** Media that the chain says it dropped. */
  readonly dropped: number;
  /** Media that the chain says was heard. */
  readonly heard: number;
  /** Resolves when all work that was handed to `wait` has. */
  readonly settled: Promise<void>;
}

/**
 * An actor's context that a test drives: it gives and takes room, interrupts, sends control messages, aborts, and sees
 * what the chain holds, keeps alive and reports. Make it the ambient one with `withContext(double, () => ...)`.
 */
export class ActorDouble implements ActorContext {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly paced: boolean;
  /** Faults that were reported, oldest first. */
  readonly reports: unknown[] = [];
  /** Samples that were NaN or infinite and became silence. */
  invalidSamples = 0;
  #epoch = 0;
  #room: boolean;
  #held = 0;
  #highestHeld = 0;
  readonly #abort = new AbortController();
  readonly #alive = new Map<symbol, string>();
  readonly #waiting = new Set<() => void>();
  readonly #interrupts = new Set<(interruption: Interruption) => void>();
  readonly #controls = new Set<(message: ControlMessage) => boolean>();

  constructor(options: ActorDoubleOptions = {}) {
    checkKeys<ActorDoubleOptions>('ActorDouble', options, actorDoubleKeys);
    this.name = options.name ?? 'double';
    this.clock = options.clock ?? new VirtualClock();
    this.random = options.random ?? (() => 0.5);
    this.paced = options.paced ?? true;
    this.#room = options.room ?? true;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get hasRoom(): boolean {
    return this.#room;
  }

  /** Frames that the chain says it holds. */
  get held(): number {
    return this.#held;
  }

  /** The most that were held at once. */
  get highestHeld(): number {
    return this.#highestHeld;
  }

  /** Labels of what delays the end. */
  get alive(): readonly string[] {
    return [...this.#alive.values()];
  }

  waiting(): Waiting {
    return nothingWaits;
  }

  hold = (): (() => void) => {
    this.#held++;
    this.#highestHeld = Math.max(this.#highestHeld, this.#held);
    return this.#release;
  };

  #release = (): void => {
    if (this.#held === 0)
      throw new AssertionError({
        message: 'a hold was released more often than it was taken',
        actual: -1,
        expected: 0,
      });
    this.#held--;
  };

  whenRoom = (callback: () => void): Cancel => {
    if (this.#room) {
      callback();
      return () => {};
    }
    const once = () => callback();
    this.#waiting.add(once);
    return () => void this.#waiting.delete(once);
  };

  onInterrupt = (listener: (interruption: Interruption) => void): Cancel => subscribe(this.#interrupts, listener);

  onControl = (listener: (message: ControlMessage) => boolean): Cancel => subscribe(this.#controls, listener);

  keepAlive = (label: string): (() => void) => {
    const key = Symbol(label);
    this.#alive.set(key, label);
    return () => void this.#alive.delete(key);
  };

  report = (error: unknown): void => void this.reports.push(error);

  countInvalid = (samples: number): void => {
    this.invalidSamples += samples;
  };

  /** Gives or takes room. Whoever waits is called back, once each, while there is room. */
  setRoom(room: boolean): void {
    this.#room = room;
    for (const callback of [...this.#waiting]) {
      if (!this.#room) return;
      if (this.#waiting.delete(callback)) callback();
    }
  }

  /** Begins a new epoch and tells the chain, synchronously. */
  interrupt(options: { readonly fadeMs?: number } = {}): InterruptionOutcome {
    checkKeys<{ fadeMs?: number }>('interrupt', options, { fadeMs: true });
    const work: Promise<unknown>[] = [];
    let dropped = 0;
    let heard = 0;
    this.#epoch++;
    const interruption: Interruption = {
      epoch: this.#epoch,
      fadeMs: options.fadeMs ?? 5,
      dropped: (duration) => {
        dropped += duration;
      },
      heard: (duration) => {
        heard += duration;
      },
      wait: (promise) => void work.push(promise),
    };
    for (const listener of [...this.#interrupts]) listener(interruption);
    return { epoch: this.#epoch, dropped, heard, settled: Promise.all(work).then(() => {}) };
  }

  /** Sends a control message. Returns whether somebody took it. */
  control(message: ControlMessage): boolean {
    return [...this.#controls].some((listener) => listener(message));
  }

  /** Aborts the actor's signal. */
  abort(reason?: unknown): void {
    this.#abort.abort(reason);
  }

  /**
   * Fails if the chain still holds frames, keeps the actor alive, waits for room or listens.
   *
   * @throws AssertionError naming what is left.
   */
  assertIdle(): void {
    const left = [
      this.#held > 0 ? `${this.#held} frame(s) held` : '',
      this.#alive.size > 0 ? `kept alive by ${this.alive.join(', ')}` : '',
      this.#waiting.size > 0 ? `${this.#waiting.size} waiting for room` : '',
      this.#interrupts.size > 0 ? `${this.#interrupts.size} interrupt listener(s)` : '',
      this.#controls.size > 0 ? `${this.#controls.size} control listener(s)` : '',
      this.clock.timers > 0 ? `${this.clock.timers} timer(s)` : '',
    ].filter((text) => text !== '');
    if (left.length > 0)
      throw new AssertionError({ message: `the chain is not idle: ${left.join('; ')}`, actual: left, expected: [] });
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): Cancel {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
