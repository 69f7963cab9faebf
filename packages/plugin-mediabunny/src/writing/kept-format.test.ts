import { AudioFrame, micros } from '@sluice/core';
import { measureTone } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { KeptFormat } from './kept-format.ts';

test('a rate that changes and changes back leaves one sound in the file, and each sample once', () => {
  const kept = new KeptFormat({ sampleRate: 16_000, channels: 1 });
  const pieces: Int16Array[] = [];
  for (const [part, sampleRate] of [16_000, 48_000, 8_000, 16_000].entries())
    for (let index = 0; index < 10; index++) {
      const ms = part * 200 + index * 20;
      const samples = Int16Array.from({ length: sampleRate / 50 }, (_, at) =>
        Math.round(16_000 * Math.cos(2 * Math.PI * 440 * (ms / 1_000 + at / sampleRate))),
      );
      const timestamp = micros(ms * 1_000);
      const { before, samples: converted } = kept.take(new AudioFrame({ samples, sampleRate, channels: 1, timestamp }));
      pieces.push(before, converted);
    }
  pieces.push(kept.flush());
  const samples = Int16Array.from(pieces.flatMap((piece) => [...piece]));
  expect(samples).toHaveLength(12_800);
  expect(measureTone(samples, 16_000, 440).snr).toBeGreaterThan(60);
});
