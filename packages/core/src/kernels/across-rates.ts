import type { ResampleQuality } from './polyphase-filter.ts';
import { Resampler } from './resampler.ts';

/** A stretch of interleaved s16 sound. */
export interface SoundAtRate {
  /** Of all channels in turn. */
  readonly samples: Int16Array;
  /** Hz. */
  readonly sampleRate: number;
}

/** Each makes the error some 20 dB smaller, down to what the filters let through. */
const rounds = 4;

/**
 * What two stretches are, each at the rate of the other, that are one sound whose rate changes in the middle: `before` ends
 * where `after` begins, and has as many channels. A filter at either side needs what lies beyond the change, at its own
 * rate, and neither has it. So each is told what the other makes of it, in turns, until both say the same. Some 10 ms of
 * either are enough for the rates of speech.
 *
 * @returns `before` at the rate of `after`, and the reverse, exact for what both rates can carry.
 */
export function acrossRates(
  before: SoundAtRate,
  after: SoundAtRate,
  channels: number,
  quality: ResampleQuality = 'high',
): { readonly before: Int16Array; readonly after: Int16Array } {
  if (before.sampleRate === after.sampleRate) return { before: before.samples, after: after.samples };
  const back = new Resampler({ inputRate: before.sampleRate, outputRate: after.sampleRate, channels, quality });
  const forth = new Resampler({ inputRate: after.sampleRate, outputRate: before.sampleRate, channels, quality });
  // Where they meet both have a sample: the first of `after`. From there what was before is read backwards.
  const joint = after.samples.subarray(0, channels);
  const past = backwards(joined(before.samples, joint), channels);
  let next = mirrored(past, channels);
  let former: Int16Array = new Int16Array(0);
  for (let round = 0; round < rounds; round++) {
    former = backwards(whole(back, backwards(next.subarray(channels), channels), past).subarray(channels), channels);
    next = whole(forth, former, after.samples);
  }
  return { before: former, after: next };
}

/** All of `input`, which follows on `history`, at the other rate. */
function whole(resampler: Resampler, history: Int16Array, input: Int16Array): Int16Array {
  resampler.continueFrom(history);
  return joined(resampler.process(input), resampler.drain());
}

function joined(first: Int16Array, second: Int16Array): Int16Array {
  const both = new Int16Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function backwards(samples: Int16Array, channels: number): Int16Array {
  const turned = new Int16Array(samples.length);
  for (let from = 0, to = samples.length - channels; to >= 0; from += channels, to -= channels)
    for (let channel = 0; channel < channels; channel++) turned[to + channel] = samples[from + channel]!;
  return turned;
}

/** What would go on as it came: turned about its first frame. */
function mirrored(samples: Int16Array, channels: number): Int16Array {
  return samples.map((sample, index) => Math.max(-32_768, Math.min(32_767, 2 * samples[index % channels]! - sample)));
}
