import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioFrame, micros, type Sink } from '@sluice/core';
import { testTone } from '@sluice/core/testing';
import { from } from 'rxjs';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { framesOf } from '../../test/signals.ts';
import type { SoundPictureResult } from './picture-sink.ts';
import { toSpectrogramPicture } from './to-spectrogram-picture.ts';
import { toWaveformPicture } from './to-waveform-picture.ts';

const rate = 16_000;
const folder = mkdtempSync(join(tmpdir(), 'sluice-pictures-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

/** What a sink drew of frames: `at(x, y)` are pixels of the plot. */
async function drawn(sink: Sink<AudioFrame, SoundPictureResult>, frames: readonly AudioFrame[]) {
  from(frames).subscribe(sink);
  const result = await sink.finished;
  const { data, info } = await sharp(result.path).raw().toBuffer({ resolveWithObject: true });
  const { left, top, width, height } = result.plot;
  const at = (x: number, y: number) => [
    ...data.subarray(info.channels * ((top + y) * info.width + left + x)).subarray(0, 3),
  ];
  const sum = (x: number, y: number) => at(x, y).reduce((all, value) => all + value, 0);
  /** The brightest line of a column. */
  const brightest = (x: number) =>
    Array.from({ length: height }, (_, y) => y).reduce((best, y) => (sum(x, y) > sum(x, best) ? y : best), 0);
  return { result, info, at, sum, brightest, width, height };
}

const second = (frequency: number, amplitude = 16_384) =>
  testTone({ sampleRate: rate, frequency, durationMs: 1_000, amplitude });

function inTurn(...parts: readonly Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

describe('toSpectrogramPicture', () => {
  it('draws a tone as a line at its row, in the colour of its level', async () => {
    const samples = inTurn(second(1_000), second(6_000), second(3_000, 16));
    const { info, brightest, at, sum, width, height, result } = await drawn(
      toSpectrogramPicture(path('tones.png'), { width: 640, height: 360 }),
      framesOf(samples, rate, [320]),
    );
    expect([info.width, info.height, info.format]).toEqual([640, 360, 'raw']);
    expect(result).toMatchObject({ duration: 3_000_000, gaps: 0 });
    for (const [place, frequency] of [1_000, 6_000, 3_000].entries()) {
      const x = Math.round(((place + 0.5) * width) / 3);
      const row = height * (1 - frequency / 8_000);
      expect(Math.abs(brightest(x) - row)).toBeLessThan(3);
      // Nothing far from it.
      expect(sum(x, Math.round(row > height / 2 ? row - height / 3 : row + height / 3))).toBeLessThan(60);
    }
    const [loud, soft] = [0.5, 2.5].map((place) => {
      const x = Math.round((place * width) / 3);
      return at(x, brightest(x));
    });
    // -6 dBFS is near the top of the scale, -66 in its lower half.
    expect(loud![0]).toBeGreaterThan(240);
    expect(soft![0]).toBeLessThan(150);
    expect(soft![2]).toBeGreaterThan(soft![1]!);
  });

  it('marks a gap in a colour of its own, as wide as it is long', async () => {
    const frames = framesOf(second(1_000), rate, [320]);
    frames[25] = frames[25]!.move({ gap: { duration: micros(1_000_000), reason: 'overflow' } });
    const { at, width, result } = await drawn(toSpectrogramPicture(path('gap.png')), frames);
    expect(result).toMatchObject({ duration: 2_000_000, gaps: 1 });
    const marked = Array.from({ length: width }, (_, x) => x).filter((x) => `${at(x, 5)}` === '0,110,90');
    expect(marked.length / width).toBeCloseTo(0.5, 1);
    expect(marked[0]! / width).toBeCloseTo(0.25, 1);
  });
});

describe('toWaveformPicture', () => {
  it('draws the extent of the sound, silence, and what is missing', async () => {
    const frames = framesOf(inTurn(second(500), new Int16Array(rate), second(500, 4_096)), rate, [320]);
    frames[100] = frames[100]!.move({ gap: { duration: micros(1_000_000), reason: 'disconnected' } });
    const { at, width, height, result } = await drawn(toWaveformPicture(path('wave.png')), frames);
    expect(result).toMatchObject({ duration: 4_000_000, gaps: 1 });
    const blue = (x: number) =>
      Array.from({ length: height }, (_, y) => y).filter((y) => `${at(x, y)}` === '90,200,250');
    const share = (place: number) => blue(Math.round((place * width) / 4)).length / height;
    expect(share(0.5)).toBeCloseTo(0.5, 1);
    expect(share(1.5)).toBeLessThan(0.01);
    expect(share(2.5)).toBe(0);
    expect(at(Math.round((2.5 * width) / 4), 3)).toEqual([150, 40, 50]);
    expect(share(3.5)).toBeCloseTo(0.125, 1);
  });

  it('takes stereo, a change of rate, and nothing at all', async () => {
    const stereo = framesOf(inTurn(second(500), second(500)), rate, [320], 2);
    const wide = framesOf(testTone({ sampleRate: 48_000, frequency: 500, durationMs: 1_000 }), 48_000, [960]);
    const { result } = await drawn(toWaveformPicture(path('change.png')), [...stereo, ...wide]);
    expect(result.duration / 1e6).toBeCloseTo(2, 2);
    const { result: empty } = await drawn(toWaveformPicture(path('empty.png')), []);
    expect(empty.duration).toBe(0);
  });

  it('refuses sizes at once, and tells where it cannot write', async () => {
    expect(() => toWaveformPicture(path('a.png'), { width: 10 })).toThrow(RangeError);
    expect(() => toWaveformPicture(4 as never)).toThrow(TypeError);
    expect(() => toSpectrogramPicture(path('a.png'), { floorDb: 3 })).toThrow(RangeError);
    // @ts-expect-error misspelt
    expect(() => toSpectrogramPicture(path('a.png'), { floor: -90 })).toThrow(/did you mean floorDb/);
    const sink = toWaveformPicture(path('none/a.png'));
    from(framesOf(second(500), rate, [320])).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_SOUND_PICTURE' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
