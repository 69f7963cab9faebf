import { AudioFrame, micros } from '@sluice/core';

const RATE = 16_000;
const FRAME_MS = 20;
/** The tone has 500 Hz, of which a frame holds ten periods: frames in a row have no seam. */
const FREQUENCY = 500;
const AMPLITUDE = 8_000;

/** Mono frames of 20 ms at 16 kHz of a tone that models for tests take for speech. Times are media time in milliseconds. */
export function toneFrames(fromMs: number, ms: number): AudioFrame[] {
  const sample = (index: number) => Math.round(AMPLITUDE * Math.sin((2 * Math.PI * FREQUENCY * index) / RATE));
  return framesOf(fromMs, ms, sample);
}

/** The same without any sound. */
export function silenceFrames(fromMs: number, ms: number): AudioFrame[] {
  return framesOf(fromMs, ms, () => 0);
}

function framesOf(fromMs: number, ms: number, sample: (index: number) => number): AudioFrame[] {
  return Array.from({ length: ms / FRAME_MS }, (_, index) => {
    const samples = Int16Array.from({ length: (RATE * FRAME_MS) / 1_000 }, (_, at) => sample(at));
    const timestamp = micros((fromMs + FRAME_MS * index) * 1_000);
    return new AudioFrame({ samples, sampleRate: RATE, channels: 1, timestamp });
  });
}
