import { type AudioFrame, checkKeys, createOperator, microsToSamples, millisToMicros } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { emit } from '../flow/emit.ts';
import { faded } from '../kernels/audio/fade.ts';
import { type FadeShape, fadeShapes } from '../kernels/audio/fade-curve.ts';
import { checkChoice, checkMs } from '../options/check-option.ts';

/** Lengths and shape of the fades of {@link fade}. */
export interface FadeOptions {
  /** Length of the fade at the beginning, in milliseconds, up to 60,000. Default 0: none. */
  readonly inMs?: number;
  /** Length of the fade at the end, in milliseconds, up to 60,000. Default 0: none. */
  readonly outMs?: number;
  /** Default `equal-power`. */
  readonly shape?: FadeShape;
}

/**
 * Lets a stream come out of silence and go back into it.
 *
 * The fade in begins with the first sample; the fade out ends with the last, so the operator keeps the latest `outMs` of
 * media back until more comes or the stream ends. Frames between pass untouched. A stretch before a change of format
 * leaves without a fade out. An interruption drops what is kept, and the next sound fades in again. Latency: `outMs`.
 *
 * @example
 * ```ts
 * fromWavFile('jingle.wav').pipe(fade({ inMs: 20, outMs: 300 })).subscribe(toMicrophone(mic));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see gain
 */
export function fade(options: FadeOptions): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<FadeOptions>('fade', options, { inMs: true, outMs: true, shape: true });
  const { inMs = 0, outMs = 0, shape = 'equal-power' } = options;
  checkMs('fade.inMs', inMs, 60_000);
  checkMs('fade.outMs', outMs, 60_000);
  checkChoice('fade.shape', shape, fadeShapes);
  const keep = millisToMicros(outMs);

  return createOperator<AudioFrame, AudioFrame>({ name: 'fade', latencyMs: outMs }, (destination, context) => {
    const kept: AudioFrame[] = [];
    let keptMicros = 0;
    /** Samples per channel that were faded in; undefined when the fade in is over. */
    let risen: number | undefined = 0;
    /** Hz in which those are counted. */
    let riseRate = 0;

    const rise = (frame: AudioFrame): AudioFrame => {
      if (risen === undefined) return frame;
      const length = microsToSamples(millisToMicros(inMs), frame.sampleRate);
      if (frame.sampleRate !== riseRate && risen > 0) risen = Math.round((risen * frame.sampleRate) / riseRate);
      riseRate = frame.sampleRate;
      if (risen >= length) {
        risen = undefined;
        return frame;
      }
      const out = frame.derive({ samples: faded(frame.samples, frame.channels, risen, length, shape) });
      risen += frame.length;
      frame.close();
      return out;
    };
    const release = (limit: number) => {
      for (let head = kept[0]; head !== undefined && keptMicros - head.duration >= limit; head = kept[0]) {
        kept.shift();
        keptMicros -= head.duration;
        emit(destination, head);
      }
    };
    const drop = () => {
      keptMicros = 0;
      for (const frame of kept.splice(0)) frame.close();
    };
    const fall = () => {
      const last = kept.at(-1);
      if (last === undefined) return;
      const total = kept.reduce((sum, frame) => sum + frame.length, 0);
      const length = Math.min(total, microsToSamples(keep, last.sampleRate));
      let position = length - total;
      for (const frame of kept.splice(0)) {
        const samples = faded(frame.samples, frame.channels, position, length, shape, true);
        const out = frame.derive({ samples });
        position += frame.length;
        frame.close();
        emit(destination, out);
      }
    };
    const stopListening = context.onInterrupt((interruption) => {
      if (keptMicros > 0) interruption.dropped(keptMicros);
      drop();
      risen = 0;
    });

    return {
      next(frame) {
        const last = kept.at(-1);
        if (last !== undefined && (last.sampleRate !== frame.sampleRate || last.channels !== frame.channels))
          release(0);
        const next = rise(frame);
        if (keep === 0) {
          destination.next(next);
          return;
        }
        kept.push(next);
        keptMicros += next.duration;
        release(keep);
      },
      complete() {
        fall();
        destination.complete();
      },
      teardown() {
        stopListening();
        drop();
      },
    };
  });
}
