// Where media ends: files, streams, pages, counters. Imports no source.

import {
  type AudioFrame,
  checkKeys,
  createSink,
  type Frame,
  invalidArgument,
  outOfRange,
  type Sink,
  type SinkWriter,
  SluiceError,
} from '@sluice/core';

/** How many frames {@link toFrames} may collect. */
export interface ToFramesOptions {
  /** Frames that may be collected; one more is an error. Default 180,000, an hour of 20 ms frames. */
  readonly limit?: number | undefined;
  /** Frames that may wait for a `for await`; then the graph is held back. Default 50. */
  readonly buffer?: number | undefined;
}

/** Collects frames, or hands them to a `for await`. They belong to whoever gets them. */
export interface FramesSink<F extends Frame> extends Sink<F, F[]>, AsyncIterable<F> {}

/**
 * Collects the frames of a stream: `await sink.finished` gives all of them.
 *
 * Iterated with `for await` it hands them out one by one instead, and a graph goes no faster than the loop. Leaving the
 * loop closes what comes after. A stream that fails throws in the loop, rejects `finished` and closes what nobody has
 * taken. More frames than `limit` are `SLUICE_FRAMES_LIMIT`.
 *
 * @example
 * ```ts
 * import type { AudioFrame } from '@sluice/core';
 * import { fromTone, toFrames } from '@sluice/nodes';
 *
 * const sink = toFrames<AudioFrame>();
 * fromTone({ duration: 1 }).subscribe(sink);
 * for await (const frame of sink) {
 *   console.log(frame.timestamp, frame.length);
 *   frame.close();
 * }
 * ```
 * @see fromFrames for the way back, toNull if nobody wants them.
 */
export function toFrames<F extends Frame = AudioFrame>(options: ToFramesOptions = {}): FramesSink<F> {
  checkKeys<ToFramesOptions>('toFrames', options, { limit: true, buffer: true });
  const { limit = 180_000, buffer = 50 } = options;
  checkCount('limit', limit);
  checkCount('buffer', buffer);
  const collector = new FrameCollector<F>(limit, buffer);
  const sink = createSink<F, F[]>({ name: 'toFrames', open: () => collector });
  const iterate = () => {
    // A stream that fails before its first frame never opens the collector; a loop over it must end all the same.
    sink.finished.catch((reason: Error) => collector.abort(reason));
    return collector.iterate();
  };
  return Object.assign(sink, { [Symbol.asyncIterator]: iterate });
}

class FrameCollector<F extends Frame> implements SinkWriter<F, F[]> {
  readonly #limit: number;
  readonly #buffer: number;
  #frames: F[] = [];
  /** Who takes the frames: `finished`, a loop, or nobody since the loop was left. */
  #taker: 'finished' | 'loop' | 'nobody' = 'finished';
  #ended = false;
  #error: Error | undefined;
  #frameCame = () => {};
  #roomCame = () => {};

  constructor(limit: number, buffer: number) {
    this.#limit = limit;
    this.#buffer = buffer;
  }

  write(frame: F): void | Promise<void> {
    if (this.#taker === 'nobody') return frame.close?.();
    if (this.#taker === 'finished' && this.#frames.length >= this.#limit) {
      frame.close?.();
      throw new SluiceError('SLUICE_FRAMES_LIMIT', 'more frames came than may be collected', {
        expected: `at most ${this.#limit} frames`,
        fix: 'Raise `limit`, or take the frames one by one with for await',
      });
    }
    this.#frames.push(frame);
    this.#frameCame();
    if (this.#taker !== 'loop' || this.#frames.length < this.#buffer) return;
    return new Promise((resolve) => {
      this.#roomCame = resolve;
    });
  }

  end(): F[] {
    this.#ended = true;
    this.#frameCame();
    return this.#taker === 'finished' ? this.#frames : [];
  }

  abort(reason: Error): void {
    this.#error ??= reason;
    this.#ended = true;
    this.#closeAll();
    this.#frameCame();
  }

  async *iterate(): AsyncGenerator<F, void, undefined> {
    if (this.#taker !== 'finished') throw invalidArgument('toFrames', 'one loop over the frames', 'a second one');
    this.#taker = 'loop';
    try {
      for (;;) {
        const frame = this.#frames.shift();
        if (frame !== undefined) {
          if (this.#frames.length < this.#buffer) this.#roomCame();
          yield frame;
        } else if (this.#error !== undefined) throw this.#error;
        else if (this.#ended) return;
        else await this.#nextFrame();
      }
    } finally {
      this.#taker = 'nobody';
      this.#closeAll();
    }
  }

  #nextFrame(): Promise<void> {
    return new Promise((resolve) => {
      this.#frameCame = resolve;
    });
  }

  #closeAll(): void {
    for (const frame of this.#frames.splice(0)) frame.close?.();
    this.#roomCame();
  }
}

function checkCount(name: string, value: number): void {
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(name, 'a number of frames', value);
  if (value < 1) throw outOfRange(name, '1 or more', value);
}
