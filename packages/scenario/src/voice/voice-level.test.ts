import { testTone } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { voiceLevel } from './voice-level.ts';

const tone = testTone({ sampleRate: 16_000, frequency: 500, durationMs: 200 });

it('is that of what sounds, whatever the pauses are', () => {
  const alone = voiceLevel(tone, 16_000)!;
  const paused = new Int16Array(16_000);
  paused.set(tone, 3_200);
  expect(voiceLevel(paused, 16_000)).toBeCloseTo(alone, 1);
  expect(
    voiceLevel(
      tone.map((sample) => Math.round(sample / 2)),
      16_000,
    ),
  ).toBeCloseTo(alone - 6.02, 1);
  expect(voiceLevel(new Int16Array(320), 16_000)).toBeUndefined();
});
