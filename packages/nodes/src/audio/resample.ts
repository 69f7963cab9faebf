import {
  type AudioFrame,
  checkKeys,
  checkSampleRate,
  createOperator,
  isAudioFormat,
  SoundConversion,
} from '@sluice/core';
import { checkQuality, type ResampleQuality, resampleDelay } from '@sluice/core/kernels';
import type { OperatorFunction } from 'rxjs';
import { emit } from '../flow/emit.ts';

/** Rate and quality of {@link resample}. */
export interface ResampleOptions {
  /** Hz, 1 000 to 768 000. */
  readonly sampleRate: number;
  /**
   * `high` (default): within 0.5 dB up to 0.9 of the lower Nyquist frequency, aliases under -80 dB. `fast`: 0.8 and
   * -60 dB, at 2.5 times the speed. `best`: 0.94 and below the noise of 16 bits, at half the speed.
   * `sharp`: within 0.05 dB up to 0.9 and -91 dB at the speed of `high`, for what is judged by its treble; below, `high` is
   * flatter.
   */
  readonly quality?: ResampleQuality;
}

/**
 * Converts audio to another sample rate.
 *
 * State is carried from frame to frame, so there is no seam, and the tail leaves at the end of the stream, before a gap,
 * before a change of format and when a live stream pauses for a frame or two: for n samples that entered,
 * `round(n * out / in)` leave, counted over all gaps, so that none of them drifts. Where the rate or the channels change and the
 * sound goes on, both sides are converted as parts of one sound, and counted as one: nothing clicks, no time is lost. The output is aligned with the input in
 * time; timestamps count samples from the first frame after a break, and follow the input's where those stray
 * by more than 1 ms. An interruption, or a frame of a new epoch, drops what is kept. Frames that have the rate already
 * pass untouched; others are closed and new ones leave. Adds 40 sample periods of the lower rate of latency (2.5 ms at
 * 16 kHz; `fast` 16, `best` 80).
 *
 * @example
 * ```ts
 * fromWavFile('greeting.wav').pipe(resample({ sampleRate: 16000 })).subscribe(toMicrophone(mic));
 * ```
 * @throws TypeError, RangeError at once for a rate or quality that does not exist
 * @see remix, rechunk
 */
export function resample(options: ResampleOptions): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<ResampleOptions>('resample', options, { sampleRate: true, quality: true });
  const { sampleRate, quality = 'high' } = options;
  checkSampleRate(sampleRate, 'resample.sampleRate');
  checkQuality(quality, 'resample.quality');

  return createOperator<AudioFrame, AudioFrame>(
    {
      name: 'resample',
      accepts: { kind: 'audio' },
      produces: (input) => (isAudioFormat(input) ? { ...input, sampleRate } : input),
      // Of inputs at this rate or above; the rate of a lower one is not known yet.
      latencyMs: (resampleDelay(sampleRate, sampleRate, quality) / sampleRate) * 1000,
    },
    (destination, context) => {
      const target = { accept: (frame: AudioFrame) => emit(destination, frame) };
      const conversion = new SoundConversion({ sampleRate }, context, target, { quality });
      let epoch = 0;
      const stopListening = context.onInterrupt((interruption) => {
        interruption.dropped(conversion.heldMicros);
        conversion.reset();
      });
      return {
        next(frame) {
          if (frame.epoch !== epoch) conversion.reset();
          epoch = frame.epoch;
          conversion.take(frame);
        },
        complete() {
          conversion.flush();
          destination.complete();
        },
        teardown() {
          stopListening();
          conversion.close();
        },
      };
    },
  );
}
