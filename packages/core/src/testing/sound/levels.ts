import { invalidArgument, outOfRange } from '../../errors.ts';
import type { AudioFrame } from '../../media/audio-frame.ts';

/** The amplitude that is 0 dBFS: the largest magnitude of a 16-bit sample. */
export const FULL_SCALE = 32_768;

/** A magnitude in sample units (0 to 32,768) as dBFS; `-Infinity` for 0. */
export function toDbfs(magnitude: number): number {
  return 20 * Math.log10(magnitude / FULL_SCALE);
}

/** A level in dBFS as a magnitude in sample units, with its fraction: 0 dBFS is 32,768. */
export function fromDbfs(dbfs: number): number {
  return FULL_SCALE * 10 ** (dbfs / 20);
}

/** The largest magnitude, in sample units (0 to 32,768). */
export function peak(samples: Int16Array): number {
  let largest = 0;
  for (let index = 0; index < samples.length; index++) largest = Math.max(largest, Math.abs(samples[index]!));
  return largest;
}

/**
 * Root mean square in sample units (0 to 32,768). A full-scale sine is 23,170, which is -3.01 dBFS by `toDbfs`: no
 * sine-wave correction is made.
 */
export function rms(samples: Int16Array): number {
  let energy = 0;
  for (let index = 0; index < samples.length; index++) energy += samples[index]! ** 2;
  return samples.length === 0 ? 0 : Math.sqrt(energy / samples.length);
}

/** One channel of interleaved samples, as an array of its own. `channel` counts from 0. */
export function channelOf(samples: Int16Array, channels: number, channel = 0): Int16Array {
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels)
    throw outOfRange('channel', `0 to ${channels - 1}`, channel);
  const picked = new Int16Array(Math.floor(samples.length / channels));
  for (let index = 0; index < picked.length; index++) picked[index] = samples[index * channels + channel]!;
  return picked;
}

/**
 * One channel of a run of frames, joined in order; timestamps and gaps are not looked at. All frames must have the
 * same format. Does not close them.
 */
export function samplesOf(frames: readonly AudioFrame[], channel = 0): Int16Array {
  const first = frames[0];
  if (first === undefined) return new Int16Array(0);
  let total = 0;
  for (const frame of frames) {
    if (frame.channels !== first.channels || frame.sampleRate !== first.sampleRate)
      throw invalidArgument('frames', `frames of ${first.sampleRate} Hz and ${first.channels} channel(s)`, {
        sampleRate: frame.sampleRate,
        channels: frame.channels,
      });
    total += frame.samples.length;
  }
  const joined = new Int16Array(total);
  let offset = 0;
  for (const frame of frames) {
    joined.set(frame.samples, offset);
    offset += frame.samples.length;
  }
  return channelOf(joined, first.channels, channel);
}
