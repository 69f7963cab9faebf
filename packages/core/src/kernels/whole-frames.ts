import { SluiceError } from '../errors.ts';

/** Throws `SLUICE_FRAME_SHAPE` unless interleaved samples divide evenly into channels. */
export function checkWholeFrames(samples: Int16Array, channels: number): void {
  if (samples.length % channels === 0) return;
  throw new SluiceError('SLUICE_FRAME_SHAPE', 'the samples are not whole frames', {
    expected: `a length that is a multiple of ${channels} channels`,
    received: samples.length,
    fix: 'Keep the rest for the next call, or check the channel count',
  });
}
