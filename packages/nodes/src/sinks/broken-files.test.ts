import { execFileSync } from 'node:child_process';
import { copyFile, link, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph } from '@sluice/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FileByteReader } from '../formats/byte-io/file-byte-reader.ts';
import { FileByteWriter } from '../formats/byte-io/file-byte-writer.ts';
import { wavHeaderLength } from '../formats/wav/wav-header-bytes.ts';
import { WavReader } from '../formats/wav/wav-reader.ts';
import { WavWriter } from '../formats/wav/wav-writer.ts';
import { fromTestPattern } from '../sources/from-test-pattern.ts';
import { fromTone } from '../sources/from-tone.ts';
import { fromWavFile } from '../sources/from-wav-file.ts';
import { fromY4mFile } from '../sources/from-y4m-file.ts';
import { overlay } from '../video/overlay/overlay.ts';
import { toNull } from './to-null.ts';
import { toWavFile } from './to-wav-file.ts';
import { toY4mFile } from './to-y4m-file.ts';

const header = wavHeaderLength({ sampleRate: 16_000, channels: 1 });
let folder: string;
let tone: string;
let pictures: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-broken-'));
  tone = join(folder, 'tone.wav');
  pictures = join(folder, 'pictures.y4m');
  const sound = toWavFile(tone);
  fromTone({ duration: 4, sampleRate: 16_000 }).subscribe(sound);
  const video = toY4mFile(pictures);
  fromTestPattern({ duration: 1, width: 320, height: 180 }).subscribe(video);
  await Promise.all([sound.finished, video.finished]);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rm(folder, { recursive: true }));

const pipe = (name: string) => {
  const path = join(folder, name);
  execFileSync('mkfifo', [path]);
  return path;
};

describe('a pipe that has a name', () => {
  it('is refused as an input at once, though nobody writes to it', async () => {
    const path = pipe('in');
    const [sound, video] = [toNull(), toNull()];
    fromWavFile(path).subscribe(sound);
    fromY4mFile(path).subscribe(video);
    const refused = { status: 'rejected', reason: { code: 'SLUICE_FILE_READ' } };
    // Both at once: one that fails while the other is waited for would be nobody's.
    expect(await Promise.allSettled([sound.finished, video.finished])).toMatchObject([refused, refused]);
    const laid = toNull();
    fromTestPattern({ duration: 0.1, width: 16, height: 16 })
      .pipe(overlay({ image: path }))
      .subscribe(laid);
    await expect(laid.finished).rejects.toMatchObject({
      code: 'SLUICE_OVERLAY_CONTENT',
      cause: { code: 'SLUICE_FILE_READ' },
    });
  });

  it('as an output waits for its reader, and for room in it, on no thread', async () => {
    const path = pipe('out');
    const opening = FileByteWriter.open(path);
    const reading = readFile(path);
    const writer = await opening;
    const bytes = Buffer.alloc(300_000, 7);
    await writer.write([bytes]);
    await writer.end();
    expect((await reading).equals(bytes)).toBe(true);
  });
});

describe('a file that is cut while it is read', () => {
  it('is a report in a WAV file, of which the rest is played', async () => {
    const path = join(folder, 'cut.wav');
    await copyFile(tone, path);
    const reader = await WavReader.open(path);
    const reports: unknown[] = [];
    reader.report = (report) => reports.push(report);
    reader.select({ plays: 2 });
    let samples = (await reader.next())!.length;
    await truncate(path, header + 100_000);
    for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) samples += piece.length;
    await reader.close();
    expect(samples).toBeGreaterThanOrEqual(2 * 50_000);
    expect(reports).toEqual([
      expect.objectContaining({ code: 'SLUICE_WAV_TRUNCATED', message: expect.stringContaining(path) }),
    ]);
  });

  it('is an error in a file of pictures', async () => {
    const path = join(folder, 'cut.y4m');
    await copyFile(pictures, path);
    const reader = await FileByteReader.open(path);
    await reader.fill(new Uint8Array(100));
    await truncate(path, 200);
    await expect(reader.fill(new Uint8Array(1_000))).rejects.toMatchObject({ code: 'SLUICE_FILE_READ' });
    await reader.close();
  });
});

describe('one file as input and as output', () => {
  it.each(['bare', 'graph'] as const)('is refused before it is overwritten: WAV, %s', async (how) => {
    const path = join(folder, `same-${how}.wav`);
    const other = join(folder, `also-${how}.wav`);
    await copyFile(tone, path);
    await link(path, other);
    const sink = toWavFile(other);
    if (how === 'bare') fromWavFile(path).subscribe(sink);
    else {
      const bot = graph('copy');
      bot.from(fromWavFile(path)).to(sink);
      await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE' });
    }
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE' });
    expect((await readFile(path)).equals(await readFile(tone))).toBe(true);
  });

  it('is refused before it is overwritten: Y4M', async () => {
    const path = join(folder, 'same.y4m');
    await copyFile(pictures, path);
    const sink = toY4mFile(path);
    fromY4mFile(path).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE' });
    expect((await readFile(path)).equals(await readFile(pictures))).toBe(true);
  });

  it('overwrites what nobody reads any more, also with nothing', async () => {
    const path = join(folder, 'old.wav');
    await copyFile(tone, path);
    const sink = toWavFile(path);
    fromTone({ duration: 0.1, sampleRate: 16_000 }).subscribe(sink);
    await sink.finished;
    expect((await readFile(path)).length).toBe(header + 3_200);
    const empty = toWavFile(path);
    empty.complete();
    await empty.finished;
    expect((await readFile(path)).length).toBe(header);
  });
});

describe('a disk that is full', () => {
  it.each([0, 1, 7_777, 32_000])(
    'leaves a WAV file whose header counts all that fitted, %i bytes of a write',
    async (fits) => {
      const path = join(folder, `full-${fits}.wav`);
      const writer = await WavWriter.open(path);
      writer.setFormat({ sampleRate: 16_000, channels: 1 });
      await writer.append(new Int16Array(16_000).fill(1));
      while (writer.waiting) await new Promise((resolve) => setImmediate(resolve));
      const probe = await open(path, 'r');
      const handles = Object.getPrototypeOf(probe) as { write: (...given: unknown[]) => Promise<unknown> };
      await probe.close();
      const write = handles.write;
      let left = fits;
      vi.spyOn(handles, 'write').mockImplementation(function (this: unknown, bytes, at, length, position) {
        // What lies inside the file takes no room.
        if ((position as number) < header) return write.call(this, bytes, at, length, position);
        if (left === 0) return Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
        const some = Math.min(length as number, left);
        left -= some;
        return write.call(this, bytes, at, some, position);
      });
      await writer.append(new Int16Array(32_000).fill(2));
      await expect(writer.close()).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE' });
      const whole = Math.floor(fits / 2) * 2;
      const bytes = await readFile(path);
      expect(bytes.length).toBe(header + 32_000 + whole);
      expect(bytes.readUInt32LE(header - 4)).toBe(32_000 + whole);
      expect(bytes.readUInt32LE(4)).toBe(header - 8 + 32_000 + whole);
    },
  );
});

it('is not disturbed by a file that grows while it is read', async () => {
  const path = join(folder, 'grows.wav');
  await writeFile(path, await readFile(tone));
  const sink = toNull();
  fromWavFile(path).subscribe(sink);
  await writeFile(path, Buffer.alloc(1_000), { flag: 'a' });
  expect(await sink.finished).toMatchObject({ samples: 64_000 });
});
