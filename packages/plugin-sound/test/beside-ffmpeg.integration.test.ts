import { measureLoudness } from '@sluice/plugin-sound';
import { describe, expect } from 'vitest';
import { ffmpeg, withFfmpeg } from './ffmpeg.ts';
import { speechLike } from './signals.ts';

/** ffmpeg prints tenths. */
const PRINTED = 0.05;

describe('beside ffmpeg', () => {
  withFfmpeg('loudness agrees with ebur128 within 0.1 LU', () => {
    for (const [sampleRate, channels, seed] of [
      [48_000, 1, 1],
      [48_000, 2, 2],
      [44_100, 1, 3],
    ] as const) {
      const samples = speechLike(sampleRate, 12, seed);
      // Two halves of one signal are its channels: as unlike as two voices.
      const { said } = ffmpeg(samples, sampleRate, 'ebur128=peak=true', channels);
      const summary = said.slice(said.lastIndexOf('Summary:'));
      const [integrated, range, peak] = [/I:\s+(\S+) LUFS/, /LRA:\s+(\S+) LU/, /Peak:\s+(\S+) dBFS/].map((one) =>
        Number(one.exec(summary)![1]),
      );
      const ours = measureLoudness(samples, { sampleRate, channels });
      expect(Math.abs(ours.integrated - integrated!)).toBeLessThan(0.1 + PRINTED);
      expect(Math.abs(ours.range - range!)).toBeLessThan(0.1 + PRINTED);
      expect(Math.abs(ours.truePeakDb - peak!)).toBeLessThan(0.2 + PRINTED);
    }
  });
});
