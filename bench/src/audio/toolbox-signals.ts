import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AudioFrame, samplesToMicros } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import { type OperatorFunction, Subject } from 'rxjs';

export type Operator = OperatorFunction<AudioFrame, AudioFrame>;

export const sampleRate = 48_000;
const frameLength = sampleRate / 50;

/** Sends samples through an operator in frames of 20 ms. */
export function through(
  operator: Operator,
  samples: Int16Array,
  channels: number,
  see: (frame: AudioFrame) => void,
): void {
  const source = new Subject<AudioFrame>();
  source.pipe(operator).subscribe((frame) => {
    see(frame);
    frame.close();
  });
  for (const frame of framesOf(samples, channels)) source.next(frame);
  source.complete();
}

/** What an operator makes of sound of one channel. */
export function shaped(operator: Operator, samples: Int16Array): Int16Array {
  const all: number[] = [];
  through(operator, samples, 1, (frame) => all.push(...frame.samples));
  return Int16Array.from(all);
}

export function* framesOf(samples: Int16Array, channels: number): Generator<AudioFrame> {
  const size = frameLength * channels;
  for (let at = 0; at < samples.length; at += size)
    yield new AudioFrame({
      samples: samples.subarray(at, at + size),
      sampleRate,
      channels,
      timestamp: samplesToMicros(at / channels, sampleRate),
    });
}

/** Syllables of harmonics with noise on them, and pauses. */
export function voice(seconds: number, channels: number): Int16Array {
  const random = seededRandom(1);
  const samples = new Int16Array(seconds * sampleRate * channels);
  const syllable = sampleRate / 5;
  let [loud, pitch] = [0, 120];
  for (let index = 0; index < seconds * sampleRate; index++) {
    if (index % syllable === 0) {
      loud = random() < 0.25 ? 0 : 2_000 + 7_000 * random();
      pitch = 90 + 80 * random();
    }
    const angle = (2 * Math.PI * pitch * index) / sampleRate;
    const wave = Math.sin(angle) + 0.5 * Math.sin(2 * angle) + 0.3 * Math.sin(5 * angle) + 0.2 * (random() - 0.5);
    const envelope = Math.sin((Math.PI * (index % syllable)) / syllable);
    samples.fill(Math.round(loud * envelope * wave), index * channels, (index + 1) * channels);
  }
  return samples;
}

/** A file of raw samples. */
export function written(folder: string, name: string, samples: Int16Array): string {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  return path;
}
