import { once } from 'node:events';
import { copyFileSync, createWriteStream, readFileSync, statSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { AudioFrame, graph, type Micros, pullSource } from '@sluice/core';
import { decodeG711, encodeG711 } from '@sluice/core/kernels';
import {
  describeContainer,
  fromContainer,
  type ToContainerOptions,
  toContainer,
  type WritingProgress,
} from '@sluice/plugin-mediabunny';
import { from, Subject } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { furthest, heard, heardByFfmpeg, joined, testFolder } from './media-files.ts';

const { at, remove } = testFolder();
afterAll(remove);

interface RampOptions {
  readonly gapAt?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
}

function rampFrame(n: number, { gapAt = -1, channels = 2, sampleRate = 48_000 }: RampOptions = {}): AudioFrame {
  const length = (sampleRate / 50) * channels;
  const samples = new Int16Array(length);
  for (let i = 0; i < length; i++) samples[i] = ((n * length + i) * 40_503) % 65_536;
  const gap = n === gapAt ? ({ duration: 250_000 as Micros, reason: 'source' } as const) : undefined;
  return new AudioFrame({ samples, sampleRate, channels, timestamp: (n * 20_000) as Micros, gap });
}

/** Frames of 20 ms, of which no sample is like its neighbour. */
function* ramp(frames: number, options?: RampOptions): Generator<AudioFrame> {
  for (let n = 0; n < frames; n++) yield rampFrame(n, options);
}

function samplesOf(frames: Iterable<AudioFrame>): Int16Array {
  return joined([...frames].map(({ samples }) => samples));
}

async function write(output: string | Writable, frames: Iterable<AudioFrame>, options?: ToContainerOptions) {
  const file = toContainer(output, options);
  from(frames).subscribe(file);
  return await file.finished;
}

/** What is left of samples in each coding. */
const kept = {
  s16: (samples: Int16Array) => samples,
  f32: (samples: Int16Array) => samples,
  'mu-law': (samples: Int16Array) => decodeG711(encodeG711(samples, 'mu'), 'mu'),
  'a-law': (samples: Int16Array) => decodeG711(encodeG711(samples, 'a'), 'a'),
};
const endings = { s16: ['wav', 'mkv', 'mp4', 'mov'], f32: ['wav', 'mka', 'mov', 'm4a'], g711: ['wav', 'mov'] };
const forms = (['s16', 'f32', 'mu-law', 'a-law'] as const).flatMap((encoding) =>
  (encoding === 's16' || encoding === 'f32' ? endings[encoding] : endings.g711).map((ending) => ({ encoding, ending })),
);

describe('toContainer', () => {
  it('writes what fromContainer and ffmpeg read, to the sample, in each form', async () => {
    const sent = samplesOf(ramp(63));
    const paths = new Map<string, Int16Array>();
    for (const { encoding, ending } of forms) {
      const path = at(`${encoding}.${ending}`);
      const result = await write(path, ramp(63), { encoding });
      expect(result).toEqual({ path, samples: 60_480, duration: 1_260_000, silence: 0, bytes: statSync(path).size });
      const { durationMs, audio } = await describeContainer(path);
      expect([path, durationMs, audio[0]!.sampleRate]).toEqual([path, 1_260, 48_000]);
      paths.set(path, kept[encoding](sent));
      expect(furthest((await heard(path)).samples, kept[encoding](sent))).toBe(0);
    }
    // ffmpeg 5.1 knows no floats in MP4.
    const read = [...paths].filter(([path]) => !path.endsWith('.m4a'));
    const theirs = heardByFfmpeg(read.map(([path]) => path));
    for (const [n, [, samples]] of read.entries()) expect(furthest(theirs[n]!, samples)).toBe(0);
  });

  it('writes silence for what is missing, and converts frames of another format', async () => {
    const path = at('gap.mkv');
    expect(await write(path, ramp(20, { gapAt: 7 }))).toMatchObject({ samples: 31_200, silence: 250_000 });
    const silence = new Int16Array(2 * 12_000);
    const sent = samplesOf(ramp(20));
    const whole = Int16Array.of(...sent.subarray(0, 7 * 1_920), ...silence, ...sent.subarray(7 * 1_920));
    expect(furthest((await heard(path)).samples, whole)).toBe(0);
    const mixed = [...ramp(10, { channels: 1 }), ...ramp(10, { channels: 1, sampleRate: 16_000 }), ...ramp(10)];
    expect(await write(at('mixed.wav'), mixed)).toMatchObject({ samples: 28_800 });
    const telephone = await write(at('told.wav'), ramp(30), { sampleRate: 8_000, channels: 1, encoding: 'mu-law' });
    expect(telephone).toMatchObject({ samples: 4_800, bytes: 4_880 });
  });

  it.each(['wav', 'mkv', 'mp4', 'mov'])('leaves a %s that can be read when its writer is killed', async (ending) => {
    const frames = new Subject<AudioFrame>();
    const file = toContainer(at(`killed.${ending}`));
    frames.subscribe(file);
    // As it stands on the disk while it is written: 5 s are, and more has not come.
    for (let n = 0; n < 250; n++) {
      frames.next(rampFrame(n));
      if (n % 5 === 4) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const copy = at(`copy.${ending}`);
    copyFileSync(at(`killed.${ending}`), copy);
    const { samples } = await heard(copy);
    expect(samples.length).toBeGreaterThanOrEqual(2 * 48_000 * (ending === 'wav' ? 4.5 : 3));
    expect(furthest(samples, samplesOf(ramp(250)).subarray(0, samples.length))).toBe(0);
    expect(heardByFfmpeg([copy])[0]!.length).toBe(samples.length);
    frames.complete();
    await file.finished;
    expect((await heard(at(`killed.${ending}`))).samples.length).toBe(2 * 5 * 48_000);
  });

  it('finishes the file after an abort', async () => {
    const writing = graph('writing');
    const endless = pullSource({ name: 'endless' }, () => {
      let n = 0;
      return { read: () => rampFrame(n++) };
    });
    writing.from(endless).to(toContainer(at('aborted.mp4')));
    const running = writing.run();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await writing.abort();
    await running.catch(() => {});
    const { samples } = await heard(at('aborted.mp4'));
    expect(samples.length).toBeGreaterThan(0);
    expect(furthest(samples, samplesOf(ramp(samples.length / 1_920)))).toBe(0);
  });

  it('tells how far it is, and reports what the listener throws', async () => {
    const told: WritingProgress[] = [];
    const writing = graph('writing');
    const onProgress = (progress: WritingProgress) => {
      told.push(progress);
      throw new Error('a broken listener');
    };
    writing.from(from(ramp(60))).to(toContainer(at('told.mkv'), { onProgress }));
    await writing.run();
    expect(told.at(-1)).toEqual({ writtenMs: 1_200, bytes: statSync(at('told.mkv')).size, done: true });
    expect(JSON.stringify(writing.inspect())).toContain('a broken listener');
  });
});

describe('what toContainer writes into', () => {
  it.each(['wav', 'matroska', 'mp4', 'mov'] as const)('writes %s into a stream, which is ended', async (format) => {
    const stream = new PassThrough({ highWaterMark: 4_096 });
    const [, pieces] = await Promise.all([write(stream, ramp(63), { format }), stream.toArray()]);
    const { samples } = await heard(Buffer.concat(pieces));
    expect(furthest(samples, samplesOf(ramp(63)))).toBe(0);
  });

  it('holds the graph back while a stream takes nothing', async () => {
    let release = () => {};
    const slow = new Writable({
      highWaterMark: 1,
      write: (_bytes, _encoding, done) => {
        release = done;
      },
    });
    let read = 0;
    const writing = graph('writing');
    const source = pullSource({ name: 'endless' }, () => ({ read: () => (read < 1_000 ? rampFrame(read++) : null) }));
    writing.from(source).to(toContainer(slow, { format: 'wav' }));
    const running = writing.run();
    const turns = async (count: number) => {
      for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
    };
    await turns(100);
    const held = read;
    expect(held).toBeGreaterThan(5);
    expect(held).toBeLessThan(40);
    await turns(100);
    expect(read).toBe(held);
    release();
    await turns(100);
    expect(read).toBeGreaterThan(held);
    expect(read).toBeLessThan(held + 20);
    // A stream that takes nothing does not hold up an abort for good.
    await writing.abort();
    await running.catch(() => {});
    expect(slow.destroyed).toBe(true);
  });

  it('fails where there is no room, no folder, or a file that is being read, and with a stream that breaks off', async () => {
    const code = 'SLUICE_CONTAINER_WRITE';
    await expect(write(createWriteStream('/dev/full'), ramp(300), { format: 'mp4' })).rejects.toMatchObject({
      code,
      cause: { code: 'ENOSPC' },
    });
    await expect(write(at('no/folder/a.wav'), ramp(3))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/ENOENT/),
    });
    await expect(write('/dev/full', ramp(3), { format: 'wav' })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/no regular file/),
    });
    const breaking = new PassThrough();
    breaking.once('data', () => breaking.destroy());
    await expect(write(breaking, ramp(300), { format: 'matroska' })).rejects.toMatchObject({ code });
    expect(breaking.destroyed).toBe(true);
    const path = at('own.wav');
    await write(path, ramp(100));
    const before = readFileSync(path);
    const copying = graph('copying');
    copying.from(fromContainer(path)).to(toContainer(path));
    await expect(copying.run()).rejects.toThrow(/overwritten while it is read/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('writes an empty file without a frame, and refuses what is no container, at once', async () => {
    expect(await write(at('empty.mkv'), [])).toMatchObject({ samples: 0, bytes: 0 });
    expect(statSync(at('empty.mkv')).size).toBe(0);
    const ended = new PassThrough();
    const end = once(ended.resume(), 'end');
    expect(await write(ended, [], { format: 'wav' })).toMatchObject({ path: undefined, samples: 0 });
    await end;
    for (const output of ['a.webm', 'a.mp3', 'a', '', 'http://host/a.wav', 7, new PassThrough()])
      expect(() => toContainer(output as string)).toThrow(TypeError);
    expect(() => toContainer('a.webm')).toThrow(/toMedia/);
    expect(() => toContainer('a.mp4', { encoding: 'a-law' })).toThrow(/wav and mov/);
    expect(() => toContainer('a.wav', { encoding: 'mp3' as never })).toThrow(/s16, f32, mu-law, a-law/);
    expect(() => toContainer('a', { format: 'ogg' as never })).toThrow(/wav, matroska, mp4, mov/);
    expect(() => toContainer('a.wav', { onProgress: 7 as never })).toThrow(TypeError);
    // @ts-expect-error misspelt
    expect(() => toContainer('a.wav', { codec: 's16' })).toThrow(/codec/);
  });
});
