import type { Cancel, Clock } from './clock.ts';

interface Timer {
  readonly time: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Time that stands still until it is told to move: a whole graph runs deterministically in tests, and an hour of audio
 * renders as fast as the CPU allows. Timers fire in order of time, then of registration.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #pending = 0;
  readonly #heap: Timer[] = [];
  readonly #cancelled = new Set<Timer>();

  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  at(time: number, callback: () => void): Cancel {
    const timer: Timer = { time: Math.max(time, this.#now), order: this.#order++, callback };
    push(this.#heap, timer);
    let armed = true;
    return () => {
      if (!armed) return;
      armed = false;
      if (this.#heap.includes(timer)) this.#cancelled.add(timer);
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

  /** Asynchronous work that was tracked and has not settled. */
  get pending(): number {
    return this.#pending;
  }

  /** Timers that have not fired. */
  get timers(): number {
    return this.#heap.length - this.#cancelled.size;
  }

  /** Moves on by `ms`, firing every timer on the way; asynchronous work is waited for between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (let timer = this.#due(end); timer !== undefined; timer = this.#due(end)) {
      this.#fire(timer);
      await this.settle();
    }
    this.#now = end;
  }

  /**
   * Runs until no timer and no tracked work is left, or until `until` settles. Returns the virtual milliseconds that
   * passed. Rejects when `limitMs` of virtual time pass first.
   */
  async run(options: { readonly until?: Promise<unknown>; readonly limitMs?: number } = {}): Promise<number> {
    const start = this.#now;
    let done = false;
    const finish = () => {
      done = true;
    };
    options.until?.then(finish, finish);
    await this.settle();
    for (;;) {
      if (done) break;
      const timer = this.#due(start + (options.limitMs ?? Number.POSITIVE_INFINITY));
      if (timer === undefined) break;
      this.#fire(timer);
      // Microtasks first: most timers lead to nothing else, and a turn of the loop costs far more.
      await Promise.resolve();
      if (this.#pending > 0 || this.#order % 64 === 0) await this.settle();
    }
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
      if (!this.#cancelled.delete(timer)) return timer;
    }
  }

  #fire(timer: Timer): void {
    this.#now = timer.time;
    timer.callback();
  }
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
