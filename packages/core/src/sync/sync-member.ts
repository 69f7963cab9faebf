import { SluiceError, toError } from '../errors.ts';
import { closeFrame, type Frame } from '../media/frame.ts';
import { type ActorContext, actorContext, type Interruption } from '../operators/actor-context.ts';
import { FlowEnd } from '../operators/flow-end.ts';
import { NODE, type SinkSpec } from '../operators/node-spec.ts';
import type { Sink } from '../operators/sink.ts';
import { Histogram } from '../time/histogram.ts';
import type { SyncTimeline, TimelineMember } from './sync-timeline.ts';

export interface MemberOptions {
  /** How much later than its timestamps it is to be. */
  readonly offsetMs?: number;
  /** Frames that may wait before the source is held back. */
  readonly maxHeld?: number;
}

/** Of a time that is this much later, in microseconds, a frame is due: timers are no finer. */
export const EARLY_US = 500;
/** A stream whose time goes back by more than this begins another round, in microseconds. */
const ANOTHER_ROUND_US = 200_000;
/** Frames that may wait when the source cannot be held back; more is an error. */
const LONGEST_QUEUE = 1_500;

export interface Waiting<F> {
  readonly frame: F;
  /** What is added to its timestamp because the stream's time went back. */
  readonly lap: number;
  readonly release: () => void;
}

/**
 * A sink in a sync group: an observer in front of another sink, with a queue in between that the timeline empties.
 */
export abstract class SyncMember<F extends Frame, R> extends FlowEnd<F> implements Sink<F, R>, TimelineMember {
  readonly finished: Promise<R>;
  readonly [NODE]: SinkSpec;
  readonly skew = new Histogram();
  /** Frames that the sink was given, repeated ones apart. */
  shown = 0;
  repeated = 0;
  dropped = 0;
  paused = false;
  shift: number | undefined;
  readonly offset: number;
  protected readonly queue: Waiting<F>[] = [];
  protected readonly timeline: SyncTimeline;
  readonly #sink: Sink<F, R>;
  #context: ActorContext | undefined;
  #stopListening = () => {};
  #lap = 0;
  /** The timestamps of the newest frame that came and of its end. */
  #newest = Number.NEGATIVE_INFINITY;
  #newestEnd = 0;
  #ended = false;
  #over = false;
  #gone = false;

  constructor(timeline: SyncTimeline, sink: Sink<F, R>, { offsetMs = 0, maxHeld }: MemberOptions = {}) {
    super();
    this.timeline = timeline;
    this.offset = offsetMs * 1000;
    this.#sink = sink;
    const inner = sink[NODE];
    this.finished = sink.finished.finally(() => this.#leave());
    this[NODE] = {
      ...inner,
      ...(maxHeld === undefined ? {} : { maxHeld }),
      finished: this.finished,
      attach: (context, failed) => {
        // A graph tells of its failure.
        if (failed !== undefined) this.finished.catch(() => {});
        this.#enter(context);
        inner.attach(this.contextOfSink(context), (reason) => {
          this.#leave();
          failed?.(reason);
        });
      },
      pause: async (fadeMs) => {
        this.paused = true;
        this.timeline.settlePause();
        await inner.pause?.(fadeMs);
      },
      resume: () => {
        this.paused = false;
        inner.resume?.();
        this.timeline.settlePause();
      },
      abort: (reason) => {
        this.finished.catch(() => {});
        this.#leave();
        inner.abort(reason);
      },
    };
  }

  abstract serve(position: number): number;

  restart(): void {
    this.shift = undefined;
    this.#lap = 0;
    this.#newest = Number.NEGATIVE_INFINITY;
  }

  get ready(): boolean {
    return this.#ended || this.queue.length > 0;
  }

  /** The node, once it is part of a graph; before that what it is. */
  get name(): string {
    return this.#context?.name ?? this[NODE].name;
  }

  get firstTimestamp(): number | undefined {
    return this.queue[0]?.frame.timestamp;
  }

  get queued(): number {
    return this.queue.length;
  }

  /** Whether the source has ended, whatever still waits. */
  get ended(): boolean {
    return this.#ended || this.#gone;
  }

  protected get attached(): boolean {
    return this.#context !== undefined;
  }

  next = (frame: F): void => {
    if (this.ended) return closeFrame(frame);
    if (this.#context === undefined) this.#enter(actorContext());
    if (this.queue.length >= LONGEST_QUEUE) {
      closeFrame(frame);
      return this.error(tooMany(this.name));
    }
    this.#follow(frame);
    this.queue.push({ frame, lap: this.#lap, release: this.#context!.hold() });
    this.queueGrew();
    this.timeline.arrived(this);
  };

  error = (reason: unknown): void => {
    this.#leave();
    this.#sink.error(toError(reason));
  };

  complete = (): void => {
    if (this.ended) return;
    this.#ended = true;
    this.completeIfDone();
    this.timeline.changed();
    this.leaveSource();
  };

  report(error: unknown): void {
    this.#context?.report(error);
  }

  /** What the sink behind it sees of its actor. */
  protected contextOfSink(context: ActorContext): ActorContext {
    return context;
  }

  protected queueGrew(): void {}

  /** Gives back what is kept beside the queue. */
  protected forget(): void {}

  /** Where a frame belongs on the timeline. */
  protected due({ frame, lap }: Waiting<F>): number {
    return frame.timestamp + lap + (this.shift ?? 0) + this.offset;
  }

  protected give(frame: F): void {
    this.#sink.next(frame);
  }

  protected recordSkew(micros: number): void {
    this.skew.record(Math.abs(micros));
    this.timeline.skew.record(Math.abs(micros));
  }

  /** The source has ended and nothing waits: the sink may finish. */
  protected completeIfDone(): void {
    if (!this.#ended || this.#over || this.#gone || this.queue.length > 0) return;
    this.#over = true;
    this.forget();
    this.#sink.complete();
  }

  /** The timeline never goes back: a stream whose time does goes on where it was. */
  #follow({ timestamp, duration }: F): void {
    if (timestamp < this.#newest - ANOTHER_ROUND_US) this.#lap += this.#newestEnd - timestamp;
    const step = timestamp > this.#newest && this.#newest > Number.NEGATIVE_INFINITY ? timestamp - this.#newest : 0;
    this.#newestEnd = timestamp + (duration || step);
    this.#newest = timestamp;
  }

  #enter(context: ActorContext): void {
    this.timeline.enter(this, context.clock);
    this.#context = context;
    this.#stopListening = context.onInterrupt((interruption) => this.#interrupt(interruption));
  }

  #interrupt(interruption: Interruption): void {
    // Before anything is let go: that may bring the next frame at once.
    this.timeline.interrupted(this, interruption.epoch);
    this.restart();
    this.forget();
    for (const { frame } of this.queue) interruption.dropped(frame.duration ?? 0);
    this.#empty();
    this.completeIfDone();
  }

  #empty(): void {
    for (const { frame, release } of this.queue.splice(0)) {
      closeFrame(frame);
      release();
    }
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#stopListening();
    this.forget();
    this.#empty();
    this.timeline.leave(this);
    this.leaveSource();
  }
}

function tooMany(name: string): SluiceError {
  return new SluiceError('SLUICE_CHAIN_OVERFLOW', `${name} holds too many frames until they are due`, {
    expected: `at most ${LONGEST_QUEUE} waiting`,
    received: LONGEST_QUEUE + 1,
    fix: 'Put it in a graph, which holds the source back, or use a source that can be asked',
  });
}
