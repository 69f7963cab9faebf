import type { FirEngine } from './fir-engine.ts';
import { toInt16 } from './int16.ts';
import { groupTaps, type PolyphaseFilter } from './polyphase-filter.ts';

/** The filter in plain TypeScript: the reference that the vector engine has to equal sample for sample. */
export class ScalarFirEngine implements FirEngine {
  #input = new Int16Array(0);
  #output = new Int16Array(0);

  stage(_filter: PolyphaseFilter, channels: number, frames: number, count: number): Int16Array {
    if (this.#input.length < frames * channels) this.#input = new Int16Array(frames * channels);
    if (this.#output.length < count * channels) this.#output = new Int16Array(count * channels);
    return this.#input;
  }

  run(filter: PolyphaseFilter, channels: number, _frames: number, phase: number, count: number): Int16Array {
    const { up, down, rows, interpolated, unit } = filter;
    const input = this.#input;
    let start = 0;
    for (let k = 0; k < count; k++) {
      const row = interpolated ? Math.floor((phase * rows) / up) : phase;
      const fraction = interpolated ? ((phase * rows) % up) / up : 0;
      for (let channel = 0; channel < channels; channel++) {
        let sum = dot(filter, row, input, start * channels + channel, channels);
        if (interpolated) sum += (dot(filter, row + 1, input, start * channels + channel, channels) - sum) * fraction;
        this.#output[k * channels + channel] = toInt16(sum * unit);
      }
      phase += down;
      start += Math.floor(phase / up);
      phase %= up;
    }
    return this.#output;
  }
}

function dot(filter: PolyphaseFilter, row: number, input: Int16Array, start: number, stride: number): number {
  const { words, taps, head, wide, fineBits } = filter;
  const narrow = taps / groupTaps - wide;
  const rowStart = row * (narrow + 2 * wide) * groupTaps;
  let coarse = 0;
  let fine = 0;
  for (let tap = 0; tap < taps; tap++) {
    const sample = input[start + tap * stride]!;
    const group = Math.floor(tap / groupTaps);
    const lane = tap % groupTaps;
    const inWide = group - head;
    if (inWide >= 0 && inWide < wide) {
      const word = rowStart + (narrow + 2 * inWide) * groupTaps + lane;
      coarse += words[word]! * sample;
      fine += words[word + groupTaps]! * sample;
    } else fine += words[rowStart + (inWide < 0 ? group : group - wide) * groupTaps + lane]! * sample;
  }
  return coarse * 2 ** fineBits + fine;
}
