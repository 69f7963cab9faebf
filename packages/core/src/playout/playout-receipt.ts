import type { Cancel } from '../time/clock.ts';
import { Answer } from './answer.ts';

/** How a write to a device ended: how much of it was heard, and whether it was cut short. */
export interface PlayoutOutcome {
  /** Media of this write that left the device, in milliseconds, counted in samples. */
  readonly playedMs: number;
  /** True if a `clear`, the destruction of the device or the death of the engine cut it short. */
  readonly interrupted: boolean;
}

/** What became of one write. Every promise settles exactly once, and none rejects. */
export interface PlayoutReceipt {
  /** Samples per channel that were taken. */
  readonly frames: number;
  /** The same in milliseconds. */
  readonly takenMs: number;
  /** The place of its first sample on the device's line. See `playoutPosition` of the device. */
  readonly start: number;
  /** Somebody can hear the device. False if the write ended before. */
  readonly ready: Promise<boolean>;
  /** The queue has room again: the moment to write more. */
  readonly accepted: Promise<void>;
  /** The first sample left the device. False if the write was dropped whole. */
  readonly started: Promise<boolean>;
  /** The write is over, to its last sample or cut short: how much of it was heard. */
  readonly finished: Promise<PlayoutOutcome>;
  /**
   * Calls `reached` once when the sample `atMs` after the start of this write has left the device; never, if it was
   * dropped. Cancel to forget it.
   */
  mark(atMs: number, reached: () => void): Cancel;
}

interface Mark {
  readonly at: number;
  readonly reached: () => void;
}

/**
 * The device's side of a receipt. Positions are samples per channel on the device's line: every sample written since it was
 * made. A device calls `heard` when somebody can hear it, `advance` as it plays, and `settle` for what it drops.
 */
export class WriteRecord implements PlayoutReceipt {
  readonly frames: number;
  readonly start: number;
  readonly end: number;
  /** A `clear` is under way and will say how this write ended. */
  clearing = false;
  readonly #samplesPerMs: number;
  readonly #ready = new Answer<boolean>();
  readonly #accepted = new Answer<void>();
  readonly #started = new Answer<boolean>();
  readonly #finished = new Answer<PlayoutOutcome>();
  #marks: Mark[] = [];
  #settled = false;
  #isAccepted = false;
  #isStarted = false;

  constructor(frames: number, start: number, end: number, sampleRate: number) {
    this.frames = frames;
    this.start = start;
    this.end = end;
    this.#samplesPerMs = sampleRate / 1000;
  }

  get ready(): Promise<boolean> {
    return this.#ready.promise;
  }

  get accepted(): Promise<void> {
    return this.#accepted.promise;
  }

  get started(): Promise<boolean> {
    return this.#started.promise;
  }

  get finished(): Promise<PlayoutOutcome> {
    return this.#finished.promise;
  }

  get takenMs(): number {
    return this.frames / this.#samplesPerMs;
  }

  mark(atMs: number, reached: () => void): Cancel {
    const mark = { at: this.start + atMs * this.#samplesPerMs, reached };
    this.#marks.push(mark);
    return () => {
      this.#marks = this.#marks.filter((other) => other !== mark);
    };
  }

  /** Somebody can hear the device. */
  heard(): void {
    this.#ready.give(true);
  }

  /** The line has played up to `position`, and lets `capacity` samples wait. Returns true when this write is over. */
  advance(position: number, capacity: number): boolean {
    if (!this.#isAccepted && this.end - position <= capacity) this.#accept();
    if (this.clearing) return false;
    if (position > this.start) this.#begin();
    this.#reach(position);
    if (position < this.end) return false;
    this.settle(this.end);
    return true;
  }

  /** Ends the write: nothing after `boundary` was played. */
  settle(boundary: number): void {
    if (this.#settled) return;
    this.#settled = true;
    const played = Math.max(0, Math.min(boundary, this.end) - this.start);
    this.#accept();
    if (played > 0 || this.end === this.start) this.#begin();
    this.#reach(Math.min(boundary, this.end));
    this.#marks = [];
    this.#started.give(false);
    this.#ready.give(false);
    this.#finished.give({ playedMs: played / this.#samplesPerMs, interrupted: boundary < this.end });
  }

  #accept(): void {
    this.#isAccepted = true;
    this.#accepted.give();
  }

  #begin(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#started.give(true);
  }

  #reach(position: number): void {
    if (this.#marks.length === 0) return;
    const due = this.#marks.filter((mark) => mark.at <= position);
    this.#marks = this.#marks.filter((mark) => mark.at > position);
    // Not from inside the accounting: the callback may write to the same device.
    for (const mark of due) queueMicrotask(mark.reached);
  }
}
