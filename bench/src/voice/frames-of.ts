import { AudioFrame, micros, samplesToMicros } from '@sluice/core';
import { RATE } from './rate.ts';

/** 20 ms. */
const SAMPLES = RATE / 50;

/** Sound at 16 kHz as frames of 20 ms, the last one shorter, from `start` on in microseconds. */
export function framesOf(samples: Int16Array, start = 0): AudioFrame[] {
  const frames: AudioFrame[] = [];
  for (let at = 0; at < samples.length; at += SAMPLES) {
    const timestamp = micros(start + samplesToMicros(at, RATE));
    frames.push(new AudioFrame({ samples: samples.slice(at, at + SAMPLES), sampleRate: RATE, channels: 1, timestamp }));
  }
  return frames;
}
