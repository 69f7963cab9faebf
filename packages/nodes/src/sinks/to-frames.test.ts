import { AudioFrame, micros, NODE } from '@sluice/core';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import { from, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fromTone } from '../sources/from-tone.ts';
import { toFrames } from './to-frames.ts';
import { toNull } from './to-null.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const frameAt = (index: number) =>
  new AudioFrame({ samples: new Int16Array(160), sampleRate: 8_000, channels: 1, timestamp: micros(index * 20_000) });
const some = (count: number) => Array.from({ length: count }, (_, i) => frameAt(i));

describe('toFrames', () => {
  it.each([0, 1, 200])('collects %i frames, which stay open', async (count) => {
    const frames = some(count);
    const sink = toFrames<AudioFrame>();
    from(frames).subscribe(sink);
    expect(await sink.finished).toEqual(frames);
    expect(frames.some((frame) => frame.closed)).toBe(false);
  });

  it('ends with an error beyond its limit, and closes all', async () => {
    using tracker = trackFrames();
    const sink = toFrames<AudioFrame>({ limit: 10 });
    from(some(12)).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_FRAMES_LIMIT' });
    tracker.assertNone();
  });

  it('closes what it has when the stream fails', async () => {
    using tracker = trackFrames();
    const sink = toFrames<AudioFrame>();
    sink.next(frameAt(0));
    throwError(() => new Error('cut')).subscribe(sink as never);
    await expect(sink.finished).rejects.toThrow('cut');
    tracker.assertNone();
  });

  it('hands the frames to a loop, in order and all', async () => {
    const sink = toFrames<AudioFrame>();
    fromTone({ duration: 3 }).subscribe(sink);
    const timestamps: number[] = [];
    for await (const frame of sink) timestamps.push(frame.timestamp);
    expect(timestamps).toEqual(Array.from({ length: 150 }, (_, i) => i * 20_000));
    expect(await sink.finished).toEqual([]);
  });

  it('holds the graph back while the loop is behind', async () => {
    const context = new ActorDouble();
    const sink = toFrames<AudioFrame>({ buffer: 3 });
    sink[NODE].attach(context);
    const loop = sink[Symbol.asyncIterator]();
    const first = loop.next();
    for (let i = 0; i < 5; i++) sink.next(frameAt(i));
    expect(context.held).toBeGreaterThan(0);
    expect((await first).value?.timestamp).toBe(0);
    sink.complete();
    const rest: number[] = [];
    for await (const frame of { [Symbol.asyncIterator]: () => loop }) rest.push(frame.timestamp / 20_000);
    expect(rest).toEqual([1, 2, 3, 4]);
    expect(context.held).toBe(0);
  });

  it('throws in the loop what the stream throws', async () => {
    const source = new Subject<AudioFrame>();
    const sink = toFrames<AudioFrame>();
    source.subscribe(sink);
    const loop = (async () => {
      for await (const frame of sink) frame.close();
    })();
    source.next(frameAt(0));
    await turn();
    source.error(new Error('cut'));
    await expect(loop).rejects.toThrow('cut');
  });

  it('throws in a loop that begins after a start that failed', async () => {
    const sink = toFrames<AudioFrame>();
    throwError(() => new Error('no such file')).subscribe(sink as never);
    await expect(sink[Symbol.asyncIterator]().next()).rejects.toThrow('no such file');
  });

  it('closes what comes after the loop was left', async () => {
    using tracker = trackFrames();
    const source = new Subject<AudioFrame>();
    const sink = toFrames<AudioFrame>();
    source.subscribe(sink);
    for (const frame of some(3)) source.next(frame);
    for await (const frame of sink) {
      frame.close();
      break;
    }
    source.next(frameAt(3));
    source.complete();
    expect(await sink.finished).toEqual([]);
    tracker.assertNone();
    await expect(sink[Symbol.asyncIterator]().next()).rejects.toThrow(TypeError);
  });

  it('refuses bad options at once', () => {
    expect(() => toFrames({ limit: 0 })).toThrow(RangeError);
    expect(() => toFrames({ buffer: Number.NaN })).toThrow(TypeError);
  });
});

describe('toNull', () => {
  it('counts and closes', async () => {
    using tracker = trackFrames();
    const sink = toNull<AudioFrame>();
    from(some(10)).subscribe(sink);
    expect(await sink.finished).toEqual({ frames: 10, samples: 1_600, duration: 200_000 });
    tracker.assertNone();
  });

  it('counts frames of any kind, and none', async () => {
    const sink = toNull();
    of({ kind: 'text', timestamp: micros(0) }).subscribe(sink);
    expect(await sink.finished).toEqual({ frames: 1, samples: 0, duration: 0 });
    const empty = toNull();
    of().subscribe(empty);
    expect(await empty.finished).toEqual({ frames: 0, samples: 0, duration: 0 });
  });
});
