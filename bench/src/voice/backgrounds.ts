import { fileURLToPath } from 'node:url';
import { testNoise } from '@sluice/core/testing';
import { fromWavFile, remix, resample, toFrames } from '@sluice/nodes';
import { concat } from '../measuring/concat.ts';
import { RATE } from './rate.ts';

const MUSIC = fileURLToPath(new URL('../../../examples/assets/music.wav', import.meta.url));
const HUM_HZ = 50;
const HARMONICS = 10;

/** What may sound behind a voice, each of `length` samples at 16 kHz; the levels are the caller's to set. */
export async function backgrounds(length: number): Promise<ReadonlyMap<string, Int16Array>> {
  return new Map([
    ['noise', testNoise({ length, seed: 2 })],
    ['hum', hum(length)],
    ['music', looped(await music(), length)],
  ]);
}

/** 50 Hz and its harmonics, each as much fainter as it is higher. */
function hum(length: number): Int16Array {
  const sample = (index: number) => {
    let sum = 0;
    for (let harmonic = 1; harmonic <= HARMONICS; harmonic++)
      sum += Math.sin((2 * Math.PI * HUM_HZ * harmonic * index) / RATE) / harmonic;
    return Math.round(8_000 * sum);
  };
  return Int16Array.from({ length }, (_, index) => sample(index));
}

/** Five seconds without a voice, made to be looped. */
async function music(): Promise<Int16Array> {
  const frames = toFrames({ limit: 10_000 });
  fromWavFile(MUSIC)
    .pipe(resample({ sampleRate: RATE }), remix({ channels: 1 }))
    .subscribe(frames);
  return concat((await frames.finished).map(({ samples }) => samples));
}

function looped(piece: Int16Array, length: number): Int16Array {
  return Int16Array.from({ length }, (_, index) => piece[index % piece.length]!);
}
