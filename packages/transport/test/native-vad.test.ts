import { execFileSync, spawnSync } from 'node:child_process';
import { Resampler } from '@sluice/core/kernels';
import { testNoise } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { Daily } from '../src/daily.ts';

const RATE = 16_000;
const BLOCK = RATE / 100;

/** Where espeak-ng is not installed the test is skipped; under CI it runs and fails. */
const withEspeak =
  spawnSync('espeak-ng', ['--version']).error !== undefined && process.env.CI !== 'true' ? it.skip : it;

/** A spoken sentence, one channel at 16 kHz, with a second of next to silence before and after it. */
function recording(text: string): Int16Array {
  const wav = execFileSync('espeak-ng', ['-v', 'en-us+f2', '--stdout', text], { maxBuffer: 1 << 26 });
  // Its header is the plain one of 44 bytes, with a length that it does not know.
  const bytes = new Uint8Array(wav.subarray(44, 44 + ((wav.length - 44) & ~1)));
  const resampler = new Resampler({ inputRate: wav.readUInt32LE(24), outputRate: RATE, channels: 1 });
  const spoken = resampler.process(new Int16Array(bytes.buffer));
  const samples = testNoise({ length: spoken.length + 2 * RATE, amplitude: 10 });
  for (const [index, sample] of spoken.entries()) samples[RATE + index]! += sample;
  return samples;
}

withEspeak('a sentence is told from the silence around it', async () => {
  const samples = recording('Good morning, could you tell me when the next train to Hamburg leaves?');
  using vad = Daily.createNativeVad();
  const told: number[] = [];
  for (let at = 0; at + BLOCK <= samples.length; at += BLOCK)
    told.push(await vad.analyzeFrames(samples.subarray(at, at + BLOCK)));
  const mean = (part: readonly number[]) => part.reduce((sum, one) => sum + one, 0) / part.length;
  // The first tenths of a second are those in which it learns the noise.
  expect(mean(told.slice(30, 95))).toBeLessThan(0.1);
  expect(mean(told.slice(100, -100))).toBeGreaterThan(0.75);
  expect(mean(told.slice(-60))).toBeLessThan(0.1);
});
