import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph } from '@sluice/core';
import { fromSilence, fromTone, toWavFile } from '@sluice/nodes';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';

let folder: string;
let tone: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-probe-'));
  tone = join(folder, 'tone.wav');
  const making = graph('making');
  making.from(fromTone({ frequency: 1_000, dBFS: -12, duration: 1, sampleRate: 16_000 })).to(toWavFile(tone));
  making.from(fromSilence({ sampleRate: 8_000, duration: 1 })).to(toWavFile(join(folder, 'silence.wav')));
  making
    .from(fromTone({ waveform: 'square', frequency: 100, dBFS: 0, duration: 1 }))
    .to(toWavFile(join(folder, 'loud.wav')));
  await making.run();
});
afterAll(() => rm(folder, { recursive: true }));

describe('sluice probe', () => {
  it('measures', async () => {
    const { code, result } = await typedJson(['probe', tone]);
    expect(code).toBe(0);
    expect(result).toMatchObject({
      sampleRate: 16_000,
      channels: 1,
      seconds: 1,
      peakDbfs: -12,
      clipped: 0,
      gaps: { count: 0 },
      tone: { hz: 1_000, dbfs: -12 },
      reports: [],
    });
    expect(result.rmsDbfs).toBeCloseTo(-15.01, 1);
    expect((await typed(['probe', tone])).out).toMatch(
      / {2}length {4}1\.000 s\n {2}peak {6}-12 dBFS\n.*1000 Hz, -12 dBFS/s,
    );
  });

  it('tells silence and clipping', async () => {
    const silence = await typedJson(['probe', join(folder, 'silence.wav')]);
    expect(silence.result).toMatchObject({ peakDbfs: null, rmsDbfs: null, tone: null });
    const loud = await typedJson(['probe', join(folder, 'loud.wav')]);
    expect(loud.result.clipped).toBeGreaterThan(10_000);
  });

  it('draws the tone where it is', async () => {
    const png = join(folder, 'tone.png');
    await typed(['probe', tone, '--png', png]);
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 1_000, height: 456 });
    const red = (line: number) => data[(line * 1_000 + 500) * 3]!;
    // 1 kHz of 8 kHz is the 32nd of 256 bands, from below.
    expect(red(455 - 32)).toBeGreaterThan(200);
    expect(red(455 - 128)).toBeLessThan(red(455 - 32) / 2);
  });

  it('says where a picture cannot be written', async () => {
    const { code, problems } = await typedJson(['probe', tone, '--png', join(folder, 'no folder', 'a.png')]);
    expect(code).toBe(2);
    expect(problems[0]).toMatchObject({
      code: 'SLUICE_CLI_FILE',
      message: expect.stringContaining('cannot be written'),
    });
  });

  it('refuses what it does not read, and what is no sound', async () => {
    expect(await typedJson(['probe', 'rtsp://example.org/camera'])).toMatchObject({
      code: 2,
      problems: [{ code: 'SLUICE_CLI_FORMAT', message: expect.stringContaining('http:, https: or file:') }],
    });
    expect(await typedJson(['probe', 'none.mp3'])).toMatchObject({ code: 2, problems: [{ code: 'SLUICE_CLI_FILE' }] });
    expect(await typedJson(['probe', join(folder, 'none.wav')])).toMatchObject({
      code: 2,
      problems: [{ code: 'SLUICE_CLI_FILE' }],
    });
    await writeFile(join(folder, 'text.wav'), 'this is no sound at all, is it?');
    expect(await typedJson(['probe', join(folder, 'text.wav')])).toMatchObject({
      code: 1,
      problems: [{ code: 'SLUICE_WAV_NOT_WAV' }],
      next: 'sluice explain SLUICE_WAV_NOT_WAV',
    });
  });
});
