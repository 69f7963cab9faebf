import { createSink, type Frame, type Micros, type Sink } from '@sluice/core';

/** What `toNull` has seen. */
export interface NullResult {
  /** Frames that came. */
  readonly frames: number;
  /** Samples per channel; 0 for frames that have none. */
  readonly samples: number;
  /** Sum of the frames' durations in microseconds. */
  readonly duration: Micros;
}

/**
 * Closes every frame and counts it: the end of a branch that is only looked at, or of a benchmark.
 *
 * @example
 * ```ts
 * import { fromTone, toNull } from '@sluice/nodes';
 *
 * const sink = toNull();
 * fromTone({ duration: 1 }).subscribe(sink);
 * console.log(await sink.finished); // { frames: 50, samples: 48000, duration: 1000000 }
 * ```
 * @see toFrames to keep them.
 */
export function toNull<F extends Frame = Frame>(): Sink<F, NullResult> {
  return createSink({ name: 'toNull', open: () => countingWriter<F>() });
}

function countingWriter<F extends Frame>() {
  let frames = 0;
  let samples = 0;
  let duration = 0;
  return {
    write: (frame: F) => {
      frames++;
      samples += (frame as { readonly length?: number }).length ?? 0;
      duration += frame.duration ?? 0;
      frame.close?.();
    },
    end: (): NullResult => ({ frames, samples, duration: duration as Micros }),
  };
}
