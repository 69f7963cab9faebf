import { rms, testNoise, testTone, toDbfs } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { concat } from '../measuring/concat.ts';
import { levelled, SPEECH_LEVEL } from './audible.ts';
import { RATE } from './rate.ts';
import { makeScene, overBackground } from './scene.ts';

const tone = (durationMs: number, amplitude = 8_000) =>
  testTone({ sampleRate: RATE, frequency: 440, durationMs, amplitude });
/** Two words with a faint moment between them, and silence around. */
const sentence = levelled(concat([tone(50, 0), tone(300), tone(40, 80), tone(200), tone(60, 0)]));

it('knows what can be heard of each sentence, and pauses between them', () => {
  const { samples, blocks, sentences } = makeScene([sentence, sentence]);
  expect(samples).toHaveLength(blocks.length * 160);
  expect(sentences).toHaveLength(2);
  for (const { from, to } of sentences) {
    expect(to - from).toBe(54);
    expect(blocks.slice(from, to)).toEqual([
      ...Array(30).fill('speech'),
      ...Array(4).fill('between'),
      ...Array(20).fill('speech'),
    ]);
    expect(rms(samples.subarray(from * 160, (from + 30) * 160))).toBeCloseTo(SPEECH_LEVEL, -1);
    expect([blocks[from - 1], blocks[to]]).toEqual(['pause', 'pause']);
  }
  expect(sentences[1]!.from - sentences[0]!.to).toBeGreaterThanOrEqual(80);
  expect(makeScene([sentence, sentence])).toEqual({ samples, blocks, sentences });
});

it('puts a background as far below the voice as it says', () => {
  const scene = makeScene([sentence]);
  const background = testNoise({ length: scene.samples.length, amplitude: 3_000 });
  for (const snr of [0, 10, 20]) {
    const pause = overBackground(scene, background, snr).subarray(0, RATE);
    expect(toDbfs(SPEECH_LEVEL) - toDbfs(rms(pause))).toBeCloseTo(snr, 0);
  }
});
