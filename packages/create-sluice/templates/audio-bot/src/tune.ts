import { type AudioFrame, audioFrame, micros, type Source } from '@sluice/core';
import { fromFrames } from '@sluice/nodes';

const sampleRate = 48_000;
/** Samples of a frame: 20 ms. */
const length = sampleRate / 50;

/** A tone of the tune: Hz, and for how long in seconds. */
export interface Note {
  readonly hz: number;
  readonly seconds: number;
}

export const hello: readonly Note[] = [
  { hz: 523.25, seconds: 0.4 },
  { hz: 659.25, seconds: 0.4 },
  { hz: 783.99, seconds: 0.8 },
];

/** Notes one after another, each faded in and out in 10 ms, so that none clicks. */
export function tune(notes: readonly Note[]): Source<AudioFrame> {
  return fromFrames(framesOf(notes), { format: { kind: 'audio', sampleRate, channels: 1 } });
}

function* framesOf(notes: readonly Note[]): Generator<AudioFrame> {
  let frame = 0;
  for (const { hz, seconds } of notes) {
    const frames = Math.round(seconds * 50);
    for (let at = 0; at < frames; at++, frame++) {
      const samples = Int16Array.from({ length }, (_, index) => sampleOf(hz, at * length + index, frames * length));
      yield audioFrame({ samples, sampleRate, channels: 1, timestamp: micros(frame * 20_000) });
    }
  }
}

function sampleOf(hz: number, at: number, end: number): number {
  const fade = Math.min(1, at / (sampleRate / 100), (end - at) / (sampleRate / 100));
  return Math.round(10_000 * fade * Math.sin((2 * Math.PI * hz * at) / sampleRate));
}
