import { toSample } from '../clamp.ts';
import { type FadeShape, fadeGain } from './fade-curve.ts';

/**
 * Fades samples in, in a new array: sample frame `start` of the fade is the first, and the fade is `length` sample
 * frames long. What lies behind it is copied. With `reverse` it fades out, and what lies behind is silence.
 */
export function faded(
  input: Int16Array,
  channels: number,
  start: number,
  length: number,
  shape: FadeShape,
  reverse = false,
): Int16Array {
  const output = new Int16Array(input.length);
  for (let index = 0, frame = start; index < input.length; frame++) {
    const position = length === 0 ? 1 : frame / length;
    const gain = fadeGain(shape, reverse ? 1 - position : position);
    for (const end = index + channels; index < end; index++) output[index] = toSample(input[index]! * gain);
  }
  return output;
}

/**
 * Passes from one signal to another in a new array: equal power, so that the loudness of unlike signals stays.
 * `start` and `length` count sample frames of the cross-fade; a signal that ends early counts as silence.
 */
export function crossFaded(
  from: Int16Array,
  to: Int16Array,
  channels: number,
  start: number,
  length: number,
): Int16Array {
  const output = new Int16Array(to.length);
  for (let index = 0, frame = start; index < to.length; frame++) {
    const position = length === 0 ? 1 : Math.min(1, frame / length);
    const rising = Math.sin((position * Math.PI) / 2);
    const falling = Math.cos((position * Math.PI) / 2);
    for (const end = index + channels; index < end; index++)
      output[index] = toSample(to[index]! * rising + (from[index] ?? 0) * (position === 1 ? 0 : falling));
  }
  return output;
}
