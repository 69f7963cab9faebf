import { measureTone, rms, testTone, toDbfs } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { fromMuLaw, throughTelephone, toMuLaw } from './telephone.ts';

// Values of ITU-T G.711, table 2b, in steps of 16 bit.
it.each([
  [0, 0xff, 0],
  [32_767, 0x80, 32_124],
  [-32_768, 0x00, -32_124],
  [8, 0xfe, 8],
  [-8, 0x7e, -8],
  [1_000, 0xce, 988],
])('codes %i as %i, which is %i', (sample, code, decoded) => {
  expect(toMuLaw(sample)).toBe(code);
  expect(fromMuLaw(code) + 0).toBe(decoded);
});

it('gives back what it has coded for every code', () => {
  for (let code = 0; code < 256; code++) if (code !== 0x7f) expect(toMuLaw(fromMuLaw(code))).toBe(code);
});

it('keeps a tone within the band with the noise of mu-law, and nothing above it', () => {
  const through = (frequency: number) =>
    throughTelephone(testTone({ sampleRate: 16_000, frequency, durationMs: 500 })).subarray(1_600, 6_400);
  const { amplitude, snr } = measureTone(through(1_000), 16_000, 1_000);
  expect(amplitude).toBeCloseTo(toDbfs(10_000), 0);
  expect(snr).toBeGreaterThan(30);
  expect(snr).toBeLessThan(45);
  expect(toDbfs(rms(through(6_000)))).toBeLessThan(-70);
});
