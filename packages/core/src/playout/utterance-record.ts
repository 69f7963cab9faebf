import type { Cancel } from '../time/clock.ts';
import type { PlayoutOutcome, PlayoutReceipt } from './playout-receipt.ts';

interface Mark {
  readonly atMs: number;
  readonly reached: () => void;
  cancel: Cancel | undefined;
}

/** A write of the utterance that is not over. */
interface Part {
  readonly receipt: PlayoutReceipt;
  /** Where it begins and ends in the utterance. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The receipt of an utterance: those of its writes, put together. */
export class UtteranceRecord implements PlayoutReceipt {
  readonly id: string;
  /** It was mixed with others: that they are heard does not mean that it is over. */
  mixed = false;
  /** Another one has followed it. */
  followed = false;
  /** Ends the waiting for more of it. */
  cancelWait: Cancel | undefined;
  readonly ready: Promise<boolean>;
  readonly accepted: Promise<void>;
  readonly started: Promise<boolean>;
  readonly finished: Promise<PlayoutOutcome>;
  readonly #samplesPerMs: number;
  readonly #onIdle: (record: UtteranceRecord) => void;
  readonly #parts: Part[] = [];
  readonly #marks = new Set<Mark>();
  #frames = 0;
  #start = Number.NaN;
  #playedMs = 0;
  #cut = false;
  #settled = false;
  #resolveReady!: (heard: boolean) => void;
  #resolveAccepted!: () => void;
  #resolveStarted!: (started: boolean) => void;
  #resolveFinished!: (outcome: PlayoutOutcome) => void;

  /** `onIdle` is told whenever all of it that came has been played or dropped. */
  constructor(id: string, sampleRate: number, onIdle: (record: UtteranceRecord) => void) {
    this.id = id;
    this.#samplesPerMs = sampleRate / 1000;
    this.#onIdle = onIdle;
    this.ready = new Promise((resolve) => {
      this.#resolveReady = resolve;
    });
    this.accepted = new Promise((resolve) => {
      this.#resolveAccepted = resolve;
    });
    this.started = new Promise((resolve) => {
      this.#resolveStarted = resolve;
    });
    this.finished = new Promise((resolve) => {
      this.#resolveFinished = resolve;
    });
  }

  get frames(): number {
    return this.#frames;
  }

  get takenMs(): number {
    return this.#frames / this.#samplesPerMs;
  }

  get start(): number {
    return this.#start;
  }

  get settled(): boolean {
    return this.#settled;
  }

  get begun(): boolean {
    return this.#frames > 0;
  }

  /** Whether all of it that came is over. */
  get idle(): boolean {
    return this.#parts.length === 0;
  }

  mark(atMs: number, reached: () => void): Cancel {
    const mark: Mark = { atMs, reached, cancel: undefined };
    if (this.#settled) return () => {};
    if (this.begun && atMs <= this.#playedMs) queueMicrotask(reached);
    else {
      this.#marks.add(mark);
      for (const part of this.#parts) this.#follow(mark, part);
    }
    return () => {
      this.#marks.delete(mark);
      mark.cancel?.();
    };
  }

  /** Some more of it was written. */
  add(receipt: PlayoutReceipt): void {
    const fromMs = this.#frames / this.#samplesPerMs;
    if (!this.begun) {
      this.#start = receipt.start;
      void receipt.accepted.then(this.#resolveAccepted);
    }
    this.#frames += receipt.frames;
    const part = { receipt, fromMs, toMs: this.#frames / this.#samplesPerMs };
    this.#parts.push(part);
    for (const mark of this.#marks) this.#follow(mark, part);
    void receipt.ready.then((heard) => heard && this.#resolveReady(true));
    void receipt.started.then((started) => started && this.#resolveStarted(true));
    void receipt.finished.then((outcome) => this.#over(part, outcome));
  }

  /** A part of it was dropped before it came here. */
  lost(): void {
    this.#cut = true;
  }

  /** Nothing more of it comes. */
  settle(interrupted: boolean): void {
    if (this.#settled) return;
    this.#settled = true;
    this.cancelWait?.();
    this.#marks.clear();
    this.#resolveReady(false);
    this.#resolveAccepted();
    this.#resolveStarted(false);
    this.#resolveFinished({ playedMs: this.#playedMs, interrupted: interrupted || this.#cut });
  }

  #follow(mark: Mark, { receipt, fromMs, toMs }: Part): void {
    if (mark.cancel !== undefined || mark.atMs > toMs) return;
    mark.cancel = receipt.mark(Math.max(0, mark.atMs - fromMs), () => {
      if (this.#marks.delete(mark)) mark.reached();
    });
  }

  #over(part: Part, { playedMs, interrupted }: PlayoutOutcome): void {
    this.#parts.splice(this.#parts.indexOf(part), 1);
    this.#playedMs += playedMs;
    this.#cut ||= interrupted;
    if (this.idle && !this.#settled) this.#onIdle(this);
  }
}
