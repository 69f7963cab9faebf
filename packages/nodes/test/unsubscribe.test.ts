import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AudioFrame, Frame, Sink, VideoFrame } from '@sluice/core';
import { trackFrames } from '@sluice/core/testing';
import {
  fromTestPattern,
  fromTone,
  gain,
  tap,
  toFrames,
  toImageFiles,
  toMjpeg,
  toNull,
  toPcm,
  toRawVideo,
  toWavFile,
  toY4mFile,
} from '@sluice/nodes';
import { type Observable, Subject } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-unsubscribe-'));
});
afterAll(() => rm(folder, { recursive: true }));

const into = (name: string) => join(folder, name);
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

async function framesOf<F extends Frame>(source: Observable<F>): Promise<F[]> {
  const sink = toFrames<F>();
  source.subscribe(sink);
  return sink.finished;
}

const sounds = () => framesOf(fromTone({ frequency: 440, sampleRate: 16_000, duration: 1 }));
const pictures = () => framesOf<VideoFrame>(fromTestPattern({ width: 64, height: 48, frameRate: 25, duration: 0.4 }));

/** How many descriptors of this process lead to something whose name has `part`. */
function descriptors(part: string): number {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return links.filter((link) => link.includes(part)).length;
}

describe('unsubscribe() without a graph', () => {
  it.each<[string, () => Sink<AudioFrame, unknown>, object]>([
    ['toWavFile', () => toWavFile(into('a.wav')), { frames: 50, samples: 16_000 }],
    ['toPcm', () => toPcm(nowhere()), { frames: 50, bytes: 32_000 }],
    ['toNull', () => toNull(), { frames: 50, samples: 16_000 }],
    ['toFrames', () => toFrames(), { length: 50 }],
  ])('ends %s with all that it was given', async (_, make, result) => {
    using leaks = trackFrames();
    const list = await sounds();
    const sink = make();
    const frames = new Subject<AudioFrame>();
    const subscription = frames
      .pipe(
        tap(() => {}),
        gain({ db: -1 }),
      )
      .subscribe(sink);
    for (const frame of list) frames.next(frame);
    subscription.unsubscribe();
    const finished = await sink.finished;
    expect(finished).toMatchObject(result);
    if (Array.isArray(finished)) for (const frame of finished) frame.close();
    expect(frames.observed).toBe(false);
    leaks.assertNone();
    expect(descriptors(folder)).toBe(0);
  });

  it.each<[string, () => Sink<VideoFrame, unknown>, object]>([
    ['toY4mFile', () => toY4mFile(into('a.y4m'), { frameRate: 25 }), { frames: 10 }],
    ['toRawVideo', () => toRawVideo(nowhere()), { frames: 10 }],
    ['toImageFiles', () => toImageFiles(into('a-%d.png')), { files: 10 }],
    ['toMjpeg', () => toMjpeg(), { received: 10 }],
  ])('ends %s with all that it was given', async (_, make, result) => {
    using leaks = trackFrames();
    const list = await pictures();
    const sink = make();
    const frames = new Subject<VideoFrame>();
    const subscription = frames.subscribe(sink);
    for (const frame of list) frames.next(frame);
    subscription.unsubscribe();
    expect(await sink.finished).toMatchObject(result);
    leaks.assertNone();
    expect(descriptors(folder)).toBe(0);
  });

  it('keeps a live recording to the last frame, readable when `finished` has resolved', async () => {
    const path = into('live.wav');
    const file = toWavFile(path);
    let given = 0;
    const source = fromTone({ frequency: 440, live: true, sampleRate: 16_000 });
    const subscription = source.pipe(tap((frame) => (given += frame.length))).subscribe(file);
    await expect.poll(() => given).toBeGreaterThan(3_200);
    subscription.unsubscribe();
    expect(await file.finished).toMatchObject({ samples: given });
    const bytes = readFileSync(path);
    expect(bytes.readUInt32LE(bytes.indexOf('data') + 4)).toBe(given * 2);
    expect(descriptors(path)).toBe(0);
  });

  it('ends a loop over the frames', async () => {
    const sink = toFrames();
    const subscription = fromTone({ live: true }).subscribe(sink);
    let frames = 0;
    for await (const frame of sink) {
      frame.close();
      if (++frames === 3) subscription.unsubscribe();
    }
    expect(frames).toBeGreaterThanOrEqual(3);
  });

  it('writes an empty file when nothing had come', async () => {
    const file = toWavFile(into('nothing.wav'));
    new Subject<AudioFrame>().subscribe(file).unsubscribe();
    expect(await file.finished).toMatchObject({ frames: 0, samples: 0 });
    expect(descriptors(folder)).toBe(0);
  });
});

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const core = fileURLToPath(new URL('../../core/dist/index.js', import.meta.url));
const run = (code: string) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { cwd: folder });

const prelude = `
  import { syncGroup } from ${JSON.stringify(core)};
  import { fromTone, fromWavFile, gain, tap, toFrames, toNull, toWavFile } from ${JSON.stringify(built)};
`;

describe('a failure that nobody looks at', () => {
  it.each([
    ['toWavFile', "fromWavFile('missing.wav').subscribe(toWavFile('out.wav'))"],
    ['toFrames', "fromWavFile('missing.wav').subscribe(toFrames())"],
    ['toNull behind operators', "fromWavFile('missing.wav').pipe(gain({ db: -1 }), tap(() => {})).subscribe(toNull())"],
    ['a folder that is missing', "fromTone({ duration: 1 }).subscribe(toWavFile('no/such/folder/out.wav'))"],
    ['a sink on a timeline', "fromWavFile('missing.wav').subscribe(syncGroup().follow(toNull()))"],
    ['an observer without error()', "fromWavFile('missing.wav').subscribe(() => {})"],
  ])('ends the program with an error: %s', async (_, line) => {
    await expect(run(`${prelude}${line};`)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/SLUICE_FILE_(READ|WRITE)/),
    });
  });

  it.each([
    [
      'who awaits `finished`',
      "const sink = toNull(); fromWavFile('missing.wav').subscribe(sink); await sink.finished.catch(() => {});",
    ],
    [
      'who loops',
      "const sink = toFrames(); fromWavFile('missing.wav').subscribe(sink); try { for await (const _ of sink); } catch {}",
    ],
  ])('is told once, to %s', async (_, line) => {
    expect(await run(`${prelude}${line}\nconsole.log('went on');`)).toEqual({ stdout: 'went on\n', stderr: '' });
  });
});
