import { Resampler } from '@sluice/core/kernels';

/** One channel at another rate, all of it. */
export function resampled(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples;
  const resampler = new Resampler({ inputRate: from, outputRate: to, channels: 1 });
  const [body, tail] = [resampler.process(samples).slice(), resampler.flush()];
  const whole = new Int16Array(body.length + tail.length);
  whole.set(body);
  whole.set(tail, body.length);
  return whole;
}
