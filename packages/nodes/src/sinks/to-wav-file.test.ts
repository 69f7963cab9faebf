import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioFrame, type AudioFrameInit, createSink, micros, NODE } from '@sluice/core';
import { ActorDouble, measureTone, trackFrames } from '@sluice/core/testing';
import { decode } from 'node-wav';
import { from, of, throwError } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WavHeaderParser } from '../formats/wav/wav-header.ts';
import { WavWriter } from '../formats/wav/wav-writer.ts';
import { fromFrames } from '../sources/from-frames.ts';
import { fromTone } from '../sources/from-tone.ts';
import { fromWavFile } from '../sources/from-wav-file.ts';
import { toFrames } from './to-frames.ts';
import { toWavFile, WavFileSink } from './to-wav-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-to-wav-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A frame of 20 ms whose samples go on from the frame before. */
const frameAt = (index: number, init: Partial<AudioFrameInit> = {}) => {
  const { sampleRate = 8_000, channels = 1 } = init;
  const length = (sampleRate / 50) * channels;
  const samples = Int16Array.from({ length }, (_, i) => ((index * length + i) % 30_000) + 1);
  return new AudioFrame({ samples, sampleRate, channels, timestamp: micros(index * 20_000), ...init });
};
const some = (count: number, init: Partial<AudioFrameInit> = {}) =>
  Array.from({ length: count }, (_, i) => frameAt(i, init));
const upTo = (end: number) => Array.from({ length: end }, (_, i) => (i % 30_000) + 1);

/** What the file says, read by sluice's parser and by node-wav. */
async function inspect(path: string) {
  const bytes = await readFile(path);
  const header = new WavHeaderParser().push(bytes)!;
  const data = bytes.subarray(header.dataOffset, header.dataOffset + (header.dataBytes ?? 0));
  const samples = [...new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length))];
  return { header, samples, size: bytes.length, container: bytes.toString('latin1', 0, 4), bytes };
}

describe('toWavFile', () => {
  it.each([
    [48_000, 44_100, 960, 20_000],
    [8_000, 11_025, 160, 20_000],
    [44_100, 16_000, 1_024, 23_220],
  ])('keeps its timeline over thousands of gaps, from %i to %i Hz', async (sampleRate, out, length, gap) => {
    const frames = Array.from(
      { length: 1_000 },
      (_, k) =>
        new AudioFrame({
          samples: new Int16Array(length),
          sampleRate,
          channels: 1,
          timestamp: micros(Math.round((k * length * 1_000_000) / sampleRate) + k * gap),
          gap: k === 0 ? undefined : { duration: micros(gap), reason: 'disconnected' },
        }),
    );
    const sink = toWavFile(join(folder, `gaps-${out}.wav`), { sampleRate: out });
    fromFrames(frames).subscribe(sink);
    const { duration } = await sink.finished;
    expect(Math.abs(duration - (1_000 * length * 1_000_000) / sampleRate - 999 * gap)).toBeLessThan(1_000);
  });

  it('writes what others read', async () => {
    using tracker = trackFrames();
    const path = join(folder, 'plain.wav');
    const sink = toWavFile(path);
    from(some(100)).subscribe(sink);
    expect(await sink.finished).toEqual({
      path,
      frames: 100,
      samples: 16_000,
      duration: 2_000_000,
      sampleRate: 8_000,
      channels: 1,
      gaps: 0,
      silence: 0,
    });
    const { samples, header, size, bytes } = await inspect(path);
    expect(samples).toEqual(upTo(16_000));
    expect(size).toBe(80 + 32_000);
    expect(header.dataBytes).toBe(32_000);
    expect(bytes.readUInt32LE(4)).toBe(size - 8);
    const other = decode(bytes);
    expect(other.sampleRate).toBe(8_000);
    expect([...other.channelData[0]!].map((value) => Math.round(value * 32_767))).toEqual(upTo(16_000));
    tracker.assertNone();
  });

  it.each([1, 2, 6])('comes back from fromWavFile with %i channel(s), sample for sample', async (channels) => {
    const path = join(folder, `round-${channels}.wav`);
    const sink = toWavFile(path);
    fromTone({ waveform: 'white', channels, sampleRate: 44_100, duration: 1.2345, seed: channels }).subscribe(sink);
    await sink.finished;
    const [written, read] = [toFrames<AudioFrame>(), toFrames<AudioFrame>()];
    fromTone({ waveform: 'white', channels, sampleRate: 44_100, duration: 1.2345, seed: channels }).subscribe(written);
    fromWavFile(path).subscribe(read);
    const [expected, actual] = [await written.finished, await read.finished];
    expect(actual.map((frame) => frame.timestamp)).toEqual(expected.map((frame) => frame.timestamp));
    expect(actual.map((frame) => frame.samples)).toEqual(expected.map((frame) => frame.samples));
  });

  it('is a valid empty file without frames', async () => {
    const path = join(folder, 'empty.wav');
    const sink = toWavFile(path);
    of<AudioFrame>().subscribe(sink);
    expect(await sink.finished).toMatchObject({ frames: 0, samples: 0, duration: 0, sampleRate: undefined });
    expect((await inspect(path)).size).toBe(80);
    const back = toFrames<AudioFrame>();
    fromWavFile(path).subscribe(back);
    expect(await back.finished).toEqual([]);
  });

  it('is whole after each second, while it is written', async () => {
    const path = join(folder, 'growing.wav');
    const context = new ActorDouble();
    const sink = toWavFile(path);
    sink[NODE].attach(context);
    await sink[NODE].prepare?.();
    expect((await inspect(path)).samples).toEqual([]);
    for (const frame of some(10)) sink.next(frame);
    await context.clock.advance(999);
    expect((await inspect(path)).samples).toEqual([]);
    await context.clock.advance(1);
    await expect.poll(async () => (await inspect(path)).samples.length).toBe(1_600);
    sink.complete();
    await sink.finished;
    expect(context.clock.timers).toBe(0);
  });

  it('puts silence where media is missing, without rounding it away', async () => {
    const path = join(folder, 'gaps.wav');
    const sink = toWavFile(path);
    const gap = { duration: micros(20_062.4), reason: 'overflow' } as const;
    from([frameAt(0), frameAt(1, { gap }), frameAt(2, { gap }), frameAt(3)]).subscribe(sink);
    // 160.4992 samples each: 321 together, not 320.
    expect(await sink.finished).toMatchObject({ gaps: 2, samples: 640 + 321, silence: 40_125, frames: 4 });
    const { samples } = await inspect(path);
    expect(samples.slice(160, 320)).toEqual(Array(160).fill(0));
    expect(samples.slice(480, 641)).toEqual(Array(161).fill(0));
    expect(samples.filter((sample) => sample !== 0)).toEqual(upTo(640));
  });

  it('leaves a hole for a minute that is missing', async () => {
    const path = join(folder, 'hole.wav');
    const sink = toWavFile(path);
    from([frameAt(0), frameAt(1, { gap: { duration: micros(60e6), reason: 'disconnected' } })]).subscribe(sink);
    expect(await sink.finished).toMatchObject({ samples: 480_000 + 320, gaps: 1 });
    const { samples } = await inspect(path);
    expect(samples.slice(160, 480_160).every((sample) => sample === 0)).toBe(true);
    expect(samples.slice(480_160)).toEqual(upTo(320).slice(160));
  });

  it('converts what comes in another format, and keeps the timeline', async () => {
    const path = join(folder, 'formats.wav');
    const sink = toWavFile(path, { sampleRate: 16_000, channels: 1 });
    expect(sink[NODE].accepts).toEqual({ kind: 'audio', sampleRate: 16_000, channels: 1 });
    const tone = async (sampleRate: number, channels: number) => {
      const frames = toFrames<AudioFrame>();
      fromTone({ frequency: 500, sampleRate, channels, duration: 1 }).subscribe(frames);
      return frames.finished;
    };
    from([...(await tone(48_000, 2)), ...(await tone(16_000, 1)), ...(await tone(8_000, 1))]).subscribe(sink);
    expect(await sink.finished).toMatchObject({
      samples: 48_000,
      sampleRate: 16_000,
      channels: 1,
      duration: 3_000_000,
    });
    const signal = Int16Array.from((await inspect(path)).samples);
    for (const second of [0, 1, 2]) {
      const part = signal.subarray(second * 16_000 + 500, second * 16_000 + 15_500);
      expect(measureTone(part, 16_000, 500).snr).toBeGreaterThan(70);
      expect(measureTone(part, 16_000, 500).amplitude).toBeCloseTo(-12.04, 1);
    }
  });

  it('takes the format of the first frame', async () => {
    const path = join(folder, 'first.wav');
    const sink = toWavFile(path);
    from([frameAt(0, { sampleRate: 16_000 }), frameAt(1, { channels: 2 })]).subscribe(sink);
    expect(await sink.finished).toMatchObject({ samples: 640, sampleRate: 16_000, channels: 1 });
  });

  it('keeps the speakers of its frames, and converts frames that are for others', async () => {
    const path = join(folder, 'speakers.wav');
    const write = async (...frames: AudioFrame[]) => {
      const sink = toWavFile(path);
      from(frames).subscribe(sink);
      await sink.finished;
      const { header, samples } = await inspect(path);
      return { mask: header.format.channelMask, last: samples.slice(-header.format.channels) };
    };
    const one = (index: number, values: number[], channelMask?: number) =>
      frameAt(index, { channels: values.length, samples: Int16Array.from(values), channelMask });
    expect(await write(one(0, [1, 2, 3], 0xb))).toEqual({ mask: 0xb, last: [1, 2, 3] });
    // 3.0 into 2.1: the centre goes to both sides.
    const { mask, last } = await write(one(0, [0, 0, 0], 0xb), one(1, [1_000, 0, 1_000]));
    expect([mask, last]).toEqual([0xb, [1_000, 414, 0]]);
    expect(await write(one(0, [0, 0, 0]), one(1, [10, 20, 30_000], 0xb))).toEqual({
      mask: undefined,
      last: [10, 20, 0],
    });
    expect((await write(one(0, [1, 2, 3, 4, 5, 6], 0x60f), one(1, [1, 2, 3, 4, 5, 6]))).last).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
  });

  it('becomes RF64 when it outgrows RIFF', async () => {
    const path = join(folder, 'large.wav');
    const context = new ActorDouble();
    const sink = createSink({
      name: 'small-limit',
      open: async () => new WavFileSink(path, await WavWriter.open(path, 100_000), context),
    });
    from(some(400)).subscribe(sink);
    await sink.finished;
    const { container, samples, header } = await inspect(path);
    expect(container).toBe('RF64');
    expect(header).toMatchObject({ dataBytes: 128_000, dataOffset: 80 });
    expect(samples).toEqual(upTo(64_000));
  });

  it('keeps memory bounded and loses nothing when frames are large and the disk is slow', async () => {
    const path = join(folder, 'heavy.wav');
    const sink = toWavFile(path);
    const samples = Int16Array.from({ length: 400_000 }, (_, i) => i);
    const init = { sampleRate: 200_000, channels: 1 };
    // The memory of a pooled frame is overwritten as soon as it is closed.
    const pooled = Array.from({ length: 5 }, (_, i) =>
      frameAt(0, {
        ...init,
        samples: samples.slice(i * 80_000, (i + 1) * 80_000),
        timestamp: micros(i * 400_000),
        release: (memory) => memory.fill(-1),
      }),
    );
    const huge = frameAt(0, { ...init, samples: samples.slice(), release: (memory) => memory.fill(-1) });
    from([...pooled, huge]).subscribe(sink);
    await sink.finished;
    expect((await inspect(path)).samples).toEqual([...samples, ...samples]);
  });

  it('keeps what was written when the stream fails', async () => {
    using tracker = trackFrames();
    const path = join(folder, 'failed.wav');
    const sink = toWavFile(path);
    for (const frame of some(30)) sink.next(frame);
    throwError(() => new Error('cut')).subscribe(sink as never);
    // Frames that waited for the file to open go with the stream; what the writer had stays.
    await expect(sink.finished).rejects.toThrow('cut');
    const opened = toWavFile(path);
    opened[NODE].attach(new ActorDouble());
    await opened[NODE].prepare?.();
    for (const frame of some(30)) opened.next(frame);
    opened[NODE].abort(new Error('stop'));
    await expect(opened.finished).rejects.toThrow('stop');
    expect((await inspect(path)).samples).toEqual(upTo(4_800));
    tracker.assertNone();
  });

  it('says which file cannot be created, before the first frame', async () => {
    const sink = toWavFile(join(folder, 'no', 'such', 'folder.wav'));
    await expect(sink[NODE].prepare?.()).rejects.toMatchObject({
      code: 'SLUICE_FILE_WRITE',
      message: expect.stringContaining('folder.wav'),
      cause: { code: 'ENOENT' },
    });
    const directory = toWavFile(folder);
    of(frameAt(0)).subscribe(directory);
    await expect(directory.finished).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE', cause: { code: 'EISDIR' } });
  });

  it.runIf(process.platform === 'linux')('ends with a typed error when the disk is full', async () => {
    const sink = toWavFile('/dev/full');
    from(some(10)).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({
      code: 'SLUICE_FILE_WRITE',
      message: expect.stringContaining('/dev/full'),
      cause: { code: 'ENOSPC' },
    });
  });

  it('ends with a typed error when writing fails later, told once, and closes the file', async () => {
    using tracker = trackFrames();
    const path = join(folder, 'fails.wav');
    const context = new ActorDouble();
    const writer = await WavWriter.open(path);
    await writer.close();
    const sink = createSink({ name: 'closed', open: () => new WavFileSink(path, writer, context) });
    sink[NODE].attach(context);
    const full = some(40, { sampleRate: 48_000 });
    for (const frame of full) sink.next(frame);
    await new Promise((resolve) => setImmediate(resolve));
    sink.next(frameAt(40, { sampleRate: 48_000 }));
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE', cause: { code: 'EBADF' } });
    expect(context.reports.filter((report) => (report as { code?: string }).code === 'SLUICE_FILE_WRITE')).toEqual([]);
    tracker.assertNone();
  });

  it('rejects at the end if the last write fails', async () => {
    const path = join(folder, 'fails-late.wav');
    const context = new ActorDouble();
    const writer = await WavWriter.open(path);
    await writer.close();
    const sink = createSink({ name: 'closed', open: () => new WavFileSink(path, writer, context) });
    from(some(3)).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE' });
  });

  it('refuses bad options at once', () => {
    expect(() => toWavFile('')).toThrow(TypeError);
    expect(() => toWavFile('a.wav', { sampleRate: 5 })).toThrow(RangeError);
    expect(() => toWavFile('a.wav', { channels: 1.5 })).toThrow(TypeError);
  });
});
