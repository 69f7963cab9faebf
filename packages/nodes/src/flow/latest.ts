import {
  type ActorContext,
  type Cancel,
  createOperator,
  type Gap,
  type Interruption,
  joinGaps,
  type Micros,
  type VideoFrame,
} from '@sluice/core';
import type { OperatorFunction, Subscriber } from 'rxjs';
import { emit } from './emit.ts';

/** How many pictures {@link latest} let pass, and how many it replaced. */
export interface LatestStatistics {
  /** Pictures that left. */
  readonly passed: number;
  /** Pictures that were replaced by newer ones before the receiver was ready. */
  readonly dropped: number;
}

/** A running `latest`: the operator itself, and its counters. */
export interface LatestOperator extends OperatorFunction<VideoFrame, VideoFrame> {
  /** The counters of the latest subscription, now. In a graph the link before it drops and counts as well. */
  statistics(): LatestStatistics;
}

/**
 * Keeps only the newest picture while the receiver is busy, so that a slow one is never behind.
 *
 * What was replaced is counted and leaves a gap (reason `overflow`) on the picture after it. A source that can wait, a
 * file for example, is held back instead and loses nothing. In a graph put it right behind the live source: the link
 * between gets the policy `latest`, unless it is told otherwise, and drops while the node itself is busy. An interruption
 * drops the picture that waits. At the end the newest picture still leaves. Adds no latency.
 *
 * @example
 * ```ts
 * camera.pipe(latest(), mapAsync(detectFaces)).subscribe(toFrames());
 * ```
 * @see frameRate, pace
 */
export function latest(): LatestOperator {
  let current: Newest | undefined;
  const spec = { name: 'latest', overflow: 'latest' as const };
  const operator = createOperator<VideoFrame, VideoFrame>(spec, (destination, context) => {
    const newest = new Newest(destination, context);
    current = newest;
    const stopListening = context.onInterrupt((interruption) => newest.interrupt(interruption));
    return {
      next: (frame) => newest.take(frame),
      complete: () => newest.end(),
      teardown() {
        stopListening();
        newest.close();
      },
    };
  });
  const statistics = (): LatestStatistics => ({ passed: 0, dropped: 0, ...current?.statistics });
  return Object.assign(operator, { statistics });
}

/** A queue of one picture. */
class Newest {
  readonly statistics = { passed: 0, dropped: 0 };
  readonly #destination: Subscriber<VideoFrame>;
  readonly #context: ActorContext;
  #waiting: VideoFrame | undefined;
  #missing: Gap | undefined;
  #cancelRoom: Cancel | undefined;
  #ended = false;

  constructor(destination: Subscriber<VideoFrame>, context: ActorContext) {
    this.#destination = destination;
    this.#context = context;
  }

  take(frame: VideoFrame): void {
    this.#replace(frame);
    if (this.#context.hasRoom) this.#pass();
    else this.#cancelRoom ??= this.#context.whenRoom(this.#onRoom);
  }

  end(): void {
    this.#ended = true;
    if (this.#waiting === undefined) this.#destination.complete();
  }

  interrupt(interruption: Interruption): void {
    if (this.#waiting !== undefined) interruption.dropped(this.#waiting.duration);
    this.close();
    if (this.#ended) this.#destination.complete();
  }

  close(): void {
    this.#cancelRoom?.();
    this.#cancelRoom = undefined;
    this.#missing = undefined;
    this.#waiting?.close();
    this.#waiting = undefined;
  }

  #replace(frame: VideoFrame): void {
    const before = this.#waiting;
    this.#waiting = frame;
    if (before === undefined) return;
    this.statistics.dropped++;
    const lost: Gap = { duration: between(before, frame), reason: 'overflow' };
    this.#missing = joinGaps(joinGaps(this.#missing, before.gap), lost);
    before.close();
  }

  readonly #onRoom = (): void => {
    this.#cancelRoom = undefined;
    this.#pass();
    if (this.#ended) this.#destination.complete();
  };

  #pass(): void {
    const frame = this.#waiting!;
    this.#waiting = undefined;
    this.#cancelRoom?.();
    this.#cancelRoom = undefined;
    this.statistics.passed++;
    const gap = joinGaps(this.#missing, frame.gap);
    this.#missing = undefined;
    emit(this.#destination, gap === frame.gap ? frame : frame.move({ gap }));
  }
}

/** Media that was lost with a picture: up to the next one. */
function between(lost: VideoFrame, next: VideoFrame): Micros {
  return Math.max(next.timestamp - lost.timestamp, 0) as Micros;
}
