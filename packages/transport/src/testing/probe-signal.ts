import {
  type AudioFrame,
  audioFrame,
  checkKeys,
  outOfRange,
  pullSource,
  type Source,
  samplesToMicros,
} from '@sluice/core';
import { checkProbeRate, PROBE_DIGITS, PROBE_FRAME_MS, probeDigits, probeTones } from './probe-code.ts';

/** Format, seed and level of a probe signal. */
export interface ProbeSignalOptions {
  /** Hz: a multiple of 100 from 8,000 on. */
  readonly sampleRate: number;
  /** Every channel carries the same. Default 1. */
  readonly channels?: number;
  /** Tells signals apart: a listener with another seed hears nothing. 0 to 10. Default 0. */
  readonly seed?: number;
  /** Peak of each of the three tones in dBFS, at most -10. Default -17, which is -15 dBFS RMS together. */
  readonly amplitude?: number;
}

/**
 * One 20 ms frame that carries its index, modulo 121.
 *
 * The code: three bands of 11 tones, 100 Hz apart (300-1,300, 1,400-2,400 and 2,500-3,500 Hz); one tone of each sounds
 * at a time: the low digit of the index to base 11, its high digit, and a check digit made of both and the seed. All
 * tones are multiples of 100 Hz, so they are orthogonal over any 10 ms, start every frame with a zero crossing, and a
 * tone that stays goes on without a break: little for a codec to smear. They fit into telephone bandwidth, because Opus
 * goes there when it spends its bits on error correction: tones above 4 kHz are the first to go after a loss.
 *
 * The guard: a listener judges windows of 10 ms, half a frame, so 5 ms on either side may be smeared by codec overlap,
 * resampler ringing or concealment. Alignment is not sought: the windows advance by about 2.5 ms, each says an index or
 * nothing, and the middle of a run of equal answers is the middle of the frame, wherever it lies in the stream and
 * however a jitter buffer stretched it.
 */
export function probeFrame(index: number, options: ProbeSignalOptions): Int16Array {
  const { sampleRate, channels = 1, seed = 0, amplitude = -17 } = options;
  checkProbeRate(sampleRate);
  if (!(Number.isInteger(seed) && seed >= 0 && seed < PROBE_DIGITS))
    throw outOfRange('seed', `a whole number, 0 to ${PROBE_DIGITS - 1}`, seed);
  if (!(amplitude <= -10)) throw outOfRange('amplitude', 'at most -10 dBFS, since three tones add up', amplitude);
  const peak = 32_767 * 10 ** (amplitude / 20);
  const digits = probeDigits(index, seed);
  const steps = digits.map((digit, band) => (2 * Math.PI * probeTones[band * PROBE_DIGITS + digit]!) / sampleRate);
  const length = (sampleRate * PROBE_FRAME_MS) / 1000;
  const samples = new Int16Array(length * channels);
  for (let at = 0; at < length; at++) {
    let sum = 0;
    for (const step of steps) sum += Math.sin(step * at);
    samples.fill(Math.round(peak * sum), at * channels, (at + 1) * channels);
  }
  return samples;
}

/** Frames `first` to `first + count` as one array. */
export function probeSamples(count: number, options: ProbeSignalOptions, first = 0): Int16Array {
  checkKeys<ProbeSignalOptions>('probeSamples', options, {
    sampleRate: true,
    channels: true,
    seed: true,
    amplitude: true,
  });
  const frames = Array.from({ length: count }, (_, index) => probeFrame(first + index, options));
  const joined = new Int16Array(frames.reduce((total, frame) => total + frame.length, 0));
  let offset = 0;
  for (const frame of frames) {
    joined.set(frame, offset);
    offset += frame.length;
  }
  return joined;
}

/** Format and length of {@link probeSignal}. */
export interface ProbeSourceOptions extends ProbeSignalOptions {
  /** How many frames before the end. Default: no end. */
  readonly frames?: number;
}

/** A source of 20 ms frames, each carrying its index; it is read as fast as there is room, so pace it for a call. */
export function probeSignal(options: ProbeSourceOptions): Source<AudioFrame> {
  checkKeys<ProbeSourceOptions>('probeSignal', options, {
    frames: true,
    sampleRate: true,
    channels: true,
    seed: true,
    amplitude: true,
  });
  const { sampleRate, channels = 1, frames = Number.POSITIVE_INFINITY } = options;
  probeFrame(0, options);
  const format = { kind: 'audio', sampleRate, channels } as const;
  return pullSource<AudioFrame>({ name: 'probeSignal', format }, () => {
    let index = 0;
    return {
      read: () => {
        if (index >= frames) return null;
        const samples = probeFrame(index, options);
        const timestamp = samplesToMicros((index++ * sampleRate * PROBE_FRAME_MS) / 1000, sampleRate);
        return audioFrame({ samples, sampleRate, channels, timestamp });
      },
    };
  });
}
