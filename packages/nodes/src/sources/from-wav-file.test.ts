import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AudioFrame, NODE, withContext } from '@sluice/core';
import { ActorDouble, measureTone, rms, samplesOf, trackFrames } from '@sluice/core/testing';
import { take } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavHeader } from '../formats/wav/wav-header-bytes.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { toNull } from '../sinks/to-null.ts';
import { fromWavFile } from './from-wav-file.ts';

let folder: string;
let ramp: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-from-wav-'));
  ramp = await file('ramp.wav', 11_025, 2, 11_025);
});
afterAll(() => rm(folder, { recursive: true }));

/** A file whose left samples count up and whose right samples count down. */
async function file(name: string, sampleRate: number, channels: number, length: number, announced = length) {
  const path = join(folder, name);
  const samples = Int16Array.from({ length: length * channels }, (_, i) => {
    const index = Math.floor(i / channels) % 30_000;
    return i % channels === 0 ? index : -index;
  });
  const header = wavHeader({ sampleRate, channels }, announced * channels * 2);
  await writeFile(path, Buffer.concat([header, new Uint8Array(samples.buffer)]));
  return path;
}

async function collect(...args: Parameters<typeof fromWavFile>): Promise<AudioFrame[]> {
  const sink = toFrames<AudioFrame>();
  fromWavFile(...args).subscribe(sink);
  return sink.finished;
}

const left = (frames: readonly AudioFrame[]) => [...samplesOf(frames)];
const upTo = (end: number, start = 0) => Array.from({ length: end - start }, (_, i) => start + i);

describe('fromWavFile', () => {
  it('cuts frames at the sample index, keeps the last short one and loses nothing', async () => {
    const frames = await collect(ramp);
    expect(left(frames)).toEqual(upTo(11_025));
    expect(frames).toHaveLength(50);
    // 220.5 samples a frame: boundaries alternate and do not drift.
    expect(frames.slice(0, 3).map((frame) => frame.length)).toEqual([221, 220, 221]);
    expect(frames[49]!.timestamp).toBe(Math.round((10_805 / 11_025) * 1e6));
    expect(frames.every((frame) => frame.channels === 2 && frame.sampleRate === 11_025)).toBe(true);
    const short = await collect(await file('short.wav', 8_000, 1, 200));
    expect(short.map((frame) => frame.length)).toEqual([160, 40]);
  });

  it('gives each frame an array of its own', async () => {
    for (const frame of await collect(ramp)) expect(frame.samples.byteLength).toBe(frame.samples.buffer.byteLength);
  });

  it('plays speech', async () => {
    const frames = await collect(fileURLToPath(new URL('../../../../examples/assets/greeting.wav', import.meta.url)));
    expect(frames[0]).toMatchObject({ sampleRate: 16_000, channels: 1 });
    expect(rms(samplesOf(frames))).toBeGreaterThan(1_000);
  });

  it.each(['ima-adpcm', 'ms-adpcm', 'a-law', 'u-law'])('plays %s, exact to the sample', async (codec) => {
    const path = fileURLToPath(new URL(`../../test/fixtures/sweep-${codec}-2ch.wav`, import.meta.url));
    const context = new ActorDouble();
    const sink = toFrames<AudioFrame>();
    withContext(context, () => fromWavFile(path).subscribe(sink));
    const all = samplesOf(await sink.finished, 1);
    expect(all).toHaveLength(2_000);
    expect(context.reports).toEqual([]);
    // The second channel is a steady 440 Hz at -6 dB; ADPCM of SoX keeps 23 dB of it, G.711 more.
    expect(measureTone(all, 8_000, 440).snr).toBeGreaterThan(20);
    expect(measureTone(all, 8_000, 440).amplitude).toBeCloseTo(-6, 0);
    const part = samplesOf(await collect(path, { start: 0.0401, end: 0.2 }), 1);
    expect(part).toEqual(all.slice(321, 1_600));
  });

  it('starts and ends at the sample', async () => {
    const frames = await collect(ramp, { start: 0.1, end: 0.9 });
    expect(left(frames)).toEqual(upTo(9_923, 1_103));
    expect(frames[0]!.timestamp).toBe(0);
  });

  it('loops without a gap, timestamps going on', async () => {
    const frames = await collect(ramp, { loop: 3, start: 0.5, end: 0.75 });
    const once = upTo(8_269, 5_513);
    expect(left(frames)).toEqual([...once, ...once, ...once]);
    let sample = 0;
    for (const frame of frames) {
      expect(frame.timestamp).toBe(Math.round((sample * 1e6) / 11_025));
      sample += frame.length;
    }
  });

  it('loops until it is stopped, and gives back the file', async () => {
    using tracker = trackFrames();
    const sink = toNull<AudioFrame>();
    fromWavFile(ramp, { loop: true }).pipe(take(1_000)).subscribe(sink);
    expect((await sink.finished).frames).toBe(1_000);
    tracker.assertNone();
  });

  it('says its format before the start, as often as it is asked', async () => {
    const spec = fromWavFile(ramp)[NODE];
    expect(await spec.prepare?.()).toEqual({ kind: 'audio', sampleRate: 11_025, channels: 2 });
    expect(await spec.prepare?.()).toEqual({ kind: 'audio', sampleRate: 11_025, channels: 2 });
    expect(spec.live ?? false).toBe(false);
    await expect(fromWavFile(join(folder, 'none.wav'))[NODE].prepare?.()).rejects.toMatchObject({
      code: 'SLUICE_FILE_READ',
    });
    await expect(fromWavFile(ramp, { start: 2 })[NODE].prepare?.()).rejects.toThrow(RangeError);
  });

  it('ends with a typed error, and takes a URL', async () => {
    await expect(collect(new URL(`file://${folder}/none.wav`))).rejects.toMatchObject({ code: 'SLUICE_FILE_READ' });
    await expect(collect(ramp, { start: 1.5 })).rejects.toThrow(/start is out of range/);
  });

  it('reports audio that is missing, and plays what is there', async () => {
    const context = new ActorDouble();
    const path = await file('cut.wav', 8_000, 1, 1_000, 9_000);
    const sink = toFrames<AudioFrame>();
    withContext(context, () => fromWavFile(path).subscribe(sink));
    expect(left(await sink.finished)).toEqual(upTo(1_000));
    expect(context.reports).toMatchObject([{ code: 'SLUICE_WAV_TRUNCATED' }]);
  });

  it('paces on the clock with live, and completes when the media has passed', async () => {
    const context = new ActorDouble();
    const arrivals: number[] = [];
    let completed: number | undefined;
    const source = fromWavFile(ramp, { live: true });
    expect(source[NODE].live).toBe(true);
    withContext(context, () =>
      source.subscribe({
        next: (frame) => {
          arrivals.push(context.clock.now() - frame.timestamp / 1_000);
          frame.close();
        },
        complete: () => {
          completed = context.clock.now();
        },
      }),
    );
    await context.clock.run();
    expect(arrivals).toHaveLength(50);
    for (const lateness of arrivals) expect(lateness).toBeCloseTo(0, 6);
    expect(completed).toBeCloseTo(1_000, 6);
  });

  it.each([
    ['path', () => fromWavFile('')],
    ['path', () => fromWavFile(new URL('http://localhost/a.wav'))],
    ['path', () => fromWavFile(7 as never)],
    [
      'path is not valid; expected a path or a file: URL; fromWav reads a stream; received',
      () => fromWavFile(process.stdin as never),
    ],
    ['loop', () => fromWavFile('a.wav', { loop: 0 })],
    ['loop', () => fromWavFile('a.wav', { loop: 1.5 })],
    ['start', () => fromWavFile('a.wav', { start: -1 })],
    ['end', () => fromWavFile('a.wav', { start: 2, end: 1 })],
    ['end', () => fromWavFile('a.wav', { end: Number.NaN })],
    ['frameMs', () => fromWavFile('a.wav', { frameMs: 0 })],
    ['frameMs', () => fromWavFile('a.wav', { frameMs: '20' as never })],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });
});
