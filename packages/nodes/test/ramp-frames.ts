import { type AudioFormat, AudioFrame, type AudioFrameInit, samplesToMicros } from '@sluice/core';

/** Mono, 16 kHz: 320 samples are 20 ms. */
export const speechFormat: AudioFormat = { sampleRate: 16_000, channels: 1 };

/** A frame whose samples are a function of their index in the stream, timestamped by that index. */
export function frameAt(
  start: number,
  length: number,
  signal: (index: number) => number = ramp,
  init: Partial<AudioFrameInit> = {},
): AudioFrame {
  const { sampleRate, channels } = { ...speechFormat, ...init };
  const samples = new Int16Array(length * channels);
  for (let index = 0; index < samples.length; index++) samples[index] = signal(start + Math.floor(index / channels));
  return new AudioFrame({ samples, timestamp: samplesToMicros(start, sampleRate), sampleRate, channels, ...init });
}

/** Every sample differs from its neighbours and is far from silence. */
export function ramp(index: number): number {
  return 2_000 + ((index * 7) % 20_011);
}

/** A sine of `hertz` at 16 kHz with the given amplitude. */
export function sine(hertz: number, amplitude = 12_000, sampleRate = speechFormat.sampleRate) {
  return (index: number) => Math.round(amplitude * Math.sin((2 * Math.PI * hertz * index) / sampleRate));
}

/** Consecutive frames of `length` samples. */
export function frames(count: number, length = 320, signal = ramp, init: Partial<AudioFrameInit> = {}): AudioFrame[] {
  return Array.from({ length: count }, (_, index) => frameAt(index * length, length, signal, init));
}

/** All samples of the frames, one after the other. */
export function joined(list: readonly { readonly samples: Int16Array }[]): Int16Array {
  const whole = new Int16Array(list.reduce((sum, { samples }) => sum + samples.length, 0));
  let offset = 0;
  for (const { samples } of list) {
    whole.set(samples, offset);
    offset += samples.length;
  }
  return whole;
}

/** The largest step between neighbouring samples of one channel: a click shows here. */
export function largestStep(samples: Int16Array, channels = 1): number {
  let largest = 0;
  for (let index = channels; index < samples.length; index++)
    largest = Math.max(largest, Math.abs(samples[index]! - samples[index - channels]!));
  return largest;
}
