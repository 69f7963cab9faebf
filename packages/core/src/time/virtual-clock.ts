import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange, SluiceError } from '../errors.ts';
import type { Cancel, Clock } from './clock.ts';
import { TimedWork } from './timed-work.ts';

interface Timer {
  readonly time: number;
  readonly order: number;
  /** Absent once it was cancelled. */
  callback: (() => void) | undefined;
}

/**
 * Time that stands still until it is told to move: a whole graph runs deterministically in tests, and an hour of audio
 * renders as fast as the CPU allows. Timers fire in order of time, then of registration. A timer that throws rejects
 * the `advance` or `run` it fired in.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #pending = 0;
  #cancelled = 0;
  #fired = 0;
  #heap: Timer[] = [];

  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  at(time: number, callback: () => void): Cancel {
    if (Number.isNaN(time)) throw invalidArgument('time', 'milliseconds', time);
    if (time === Number.POSITIVE_INFINITY) return () => {};
    const timer: Timer = { time: Math.max(time, this.#now), order: this.#order++, callback };
    push(this.#heap, timer);
    return () => {
      if (timer.callback === undefined) return;
      timer.callback = undefined;
      this.#cancelled++;
      if (this.#cancelled > 64 && this.#cancelled > this.#heap.length / 2) this.#sweep();
    };
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.#pending++;
    const settled = () => {
      this.#pending--;
    };
    work.then(settled, settled);
    return work;
  }

  trackTimed<T>(begin: (own: Clock) => Promise<T>): Promise<T> {
    return TimedWork.run(this, begin);
  }

  /** Asynchronous work that was tracked and has not settled. */
  get pending(): number {
    return this.#pending;
  }

  /** Timers that have not fired. */
  get timers(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Moves on by `ms`, firing every timer on the way; asynchronous work is waited for between timers. */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw outOfRange('ms', 'at least 0 ms', ms);
    const end = this.#now + ms;
    await this.settle();
    for (let timer = this.#due(end); timer !== undefined; timer = this.#due(end)) {
      this.#fire(timer);
      await this.settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  /** Moves on by `ms` while nothing runs, as a blocked event loop does: timers due meanwhile fire late, at its end. */
  async stall(ms: number): Promise<void> {
    if (!(ms >= 0)) throw outOfRange('ms', 'at least 0 ms', ms);
    this.#now += ms;
    await this.advance(0);
  }

  /**
   * Runs until no timer and no tracked work is left, or until `until` settles. Returns the virtual milliseconds that
   * passed. Rejects with what `until` rejects with, so that a graph that failed fails its test too, and with
   * `SLUICE_DEADLINE` when `limitMs` of virtual time pass first.
   */
  async run(options: { readonly until?: Promise<unknown>; readonly limitMs?: number } = {}): Promise<number> {
    checkKeys<{ until?: unknown; limitMs?: number }>('run', options, { until: true, limitMs: true });
    const start = this.#now;
    const end = start + (options.limitMs ?? Number.POSITIVE_INFINITY);
    let done = false;
    const finish = () => {
      done = true;
    };
    // Both handlers, or the rejection would be unhandled while time still moves.
    options.until?.then(finish, finish);
    await this.settle();
    while (!done) {
      let timer = this.#due(end);
      if (timer === undefined) {
        // What the last timer set off may be a few turns away from its next timer.
        await this.settle();
        if (!done) timer = this.#due(end);
        if (timer === undefined) break;
      }
      this.#fire(timer);
      // Promises settle before time moves on; a whole turn of the loop costs far more and is needed by others only.
      await microtasks();
      if (this.#pending > 0 || this.#fired % 64 === 0) await this.settle();
    }
    if (!done && this.timers > 0) throw pastLimit(options.limitMs ?? 0, this.timers);
    if (done) await options.until;
    return this.#now - start;
  }

  /** Lets promises and tracked work settle without moving time. */
  async settle(): Promise<void> {
    do await turn();
    while (this.#pending > 0);
  }

  #due(end: number): Timer | undefined {
    for (;;) {
      const timer = this.#heap[0];
      if (timer === undefined || timer.time > end) return undefined;
      pop(this.#heap);
      if (timer.callback !== undefined) return timer;
      this.#cancelled--;
    }
  }

  #fire(timer: Timer): void {
    this.#now = Math.max(this.#now, timer.time);
    this.#fired++;
    const callback = timer.callback!;
    timer.callback = undefined;
    callback();
  }

  /** Frees cancelled timers before their time: deadlines that are set and cancelled for each frame pile up otherwise. */
  #sweep(): void {
    const live = this.#heap.filter((timer) => timer.callback !== undefined);
    this.#heap = [];
    this.#cancelled = 0;
    for (const timer of live) push(this.#heap, timer);
  }
}

function pastLimit(limitMs: number, timers: number): SluiceError {
  return new SluiceError('SLUICE_DEADLINE', `the virtual clock passed its limit with ${timers} timer(s) left`, {
    expected: `to be done within ${limitMs} ms of virtual time`,
    fix: 'Raise limitMs, or look for what keeps setting timers',
  });
}

/** Resolves when every promise that can settle now has: Node runs its tick queue when the microtask queue is empty. */
function microtasks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const before = (a: Timer, b: Timer) => a.time < b.time || (a.time === b.time && a.order < b.order);

function push(heap: Timer[], timer: Timer): void {
  let index = heap.push(timer) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!before(timer, heap[parent]!)) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = last;
}
