import { measureTone, snr, testTone } from '@sluice/core/testing';
import { type EqualizerBand, equalizer, measureLoudness, timeStretch } from '@sluice/plugin-sound';
import { describe, expect } from 'vitest';
import { ffmpeg, withFfmpeg } from './ffmpeg.ts';
import { passed, speechLike } from './signals.ts';

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

  withFfmpeg('the equalizer has the filters of equalizer, highpass and treble, to the last bits', () => {
    const samples = speechLike(48_000, 2).map((sample) => sample / 2);
    // The cookbook's slope of a shelf is 2 sqrt(A) alpha; ffmpeg's is sqrt(2 A) alpha.
    const cases: readonly (readonly [EqualizerBand, string])[] = [
      [{ type: 'peaking', frequency: 1_000, db: 6, q: 2 }, 'equalizer=f=1000:t=q:w=2:g=6'],
      [{ type: 'high-pass', frequency: 150, q: 0.7 }, 'highpass=f=150:t=q:w=0.7'],
      [{ type: 'high-shelf', frequency: 3_000, db: -9, q: Math.SQRT1_2 }, 'treble=f=3000:t=q:w=0.5:g=-9'],
    ];
    for (const [band, filter] of cases) {
      const theirs = ffmpeg(samples, 48_000, `aformat=sample_fmts=dbl,${filter}`).samples;
      const ours = passed(equalizer({ bands: [band] }), samples, 48_000);
      expect(ours).toHaveLength(theirs.length);
      const { snr: agreement, gain } = snr(theirs, ours, { maxLag: 0 });
      expect(agreement, filter).toBeGreaterThan(60);
      expect(gain, filter).toBeCloseTo(1, 3);
    }
  });

  withFfmpeg('time stretch keeps tones as well as atempo', () => {
    // Of 100 ms each: over longer ones the phase of both wanders.
    const quality = (samples: Int16Array, frequency: number) => {
      const parts = Array.from({ length: 8 }, (_, index) =>
        samples.subarray(9_600 + index * 4_800, 14_400 + index * 4_800),
      );
      return parts.reduce((sum, part) => sum + measureTone(part, 48_000, frequency).snr, 0) / parts.length;
    };
    let [ours, theirs] = [0, 0];
    for (const frequency of [137, 443, 1_237])
      for (const rate of [0.7, 1.3, 1.9]) {
        const tone = testTone({ sampleRate: 48_000, frequency, durationMs: 2_500 });
        ours += quality(passed(timeStretch({ rate }), tone, 48_000), frequency);
        theirs += quality(ffmpeg(tone, 48_000, `atempo=${rate}`).samples, frequency);
      }
    // 51 and 43 dB.
    expect(ours / 9).toBeGreaterThan(theirs / 9 + 3);
    expect(ours / 9).toBeGreaterThan(45);
  });
});
