import { describe, expect, it } from 'vitest';
import { micros } from '../time/units.ts';
import { VideoFrame, type VideoFrameInit, videoFrame } from './video-frame.ts';
import { VideoFramePool } from './video-frame-pool.ts';

const init = (change: Partial<VideoFrameInit> = {}): VideoFrameInit => ({
  width: 4,
  height: 2,
  format: 'RGB',
  timestamp: micros(40_000),
  data: new Uint8Array(24),
  ...change,
});

describe('videoFrame', () => {
  it('says what it was told, and the defaults', () => {
    const frame = videoFrame(init());
    expect(frame).toMatchObject({ kind: 'video', width: 4, height: 2, format: 'RGB', timestamp: 40_000 });
    expect(frame).toMatchObject({ duration: 0, colorSpace: 'bt601', epoch: 0, closed: false, exclusive: true });
    expect(frame.gap).toBeUndefined();
  });

  it('is what makes a frame of bytes: the constructor says so', () => {
    expect(() => new VideoFrame(init(), undefined as never)).toThrow(/call videoFrame\(init\)/);
  });

  it('takes a buffer over, and copies a part of one: the engine takes whole buffers only', () => {
    const whole = new Uint8Array(24).fill(7);
    expect(videoFrame(init({ data: whole })).data).toBe(whole);
    const part = new Uint8Array(40).fill(9).subarray(8, 32);
    const frame = videoFrame(init({ data: part }));
    expect(frame.data.buffer.byteLength).toBe(24);
    expect(frame.data).toEqual(part);
  });

  it.each([
    [1, 1, 3],
    [2, 2, 6],
    [3, 3, 17],
    [5, 1, 11],
  ])('counts the chroma of odd sizes up: I420 of %ix%i is %i bytes', (width, height, bytes) => {
    const of = (length: number) => init({ width, height, format: 'I420', data: new Uint8Array(length) });
    expect(videoFrame(of(bytes)).data).toHaveLength(bytes);
    for (const wrong of [bytes - 1, bytes + 1, 0])
      expect(() => videoFrame(of(wrong))).toThrow(
        expect.objectContaining({
          code: 'SLUICE_FRAME_SHAPE',
          message: expect.stringContaining(`${bytes} bytes for ${width}x${height} I420; received "${wrong} bytes"`),
        }),
      );
  });

  it.each<[string, Partial<VideoFrameInit>, RegExp]>([
    ['RangeError', { width: 0 }, /width is out of range; expected 1 to 16384 pixels; received 0/],
    ['RangeError', { height: -2 }, /height is out of range/],
    ['RangeError', { width: 16_385 }, /width is out of range/],
    ['RangeError', { width: 16_384, height: 16_384 }, /at most 16777216 pixels; received "16384 x 16384 = 268435456"/],
    ['TypeError', { width: 1.5 }, /an integer number of pixels; received 1.5/],
    ['TypeError', { height: '2' as never }, /an integer number of pixels; received "2"/],
    ['TypeError', { width: Number.NaN }, /width is not valid/],
    ['TypeError', { format: 'NV12' as never }, /one of RGBA, RGB, ARGB, ABGR, BGRA, I420; received "NV12"/],
    ['TypeError', { format: undefined as never }, /format is not valid/],
    ['TypeError', { colorSpace: 'srgb' as never }, /one of bt601, bt601-full, bt709, bt709-full/],
    ['TypeError', { timestamp: Number.NaN as never }, /timestamp is not valid/],
    ['TypeError', { timestamp: Number.POSITIVE_INFINITY as never }, /timestamp is not valid/],
    ['TypeError', { duration: -1 as never }, /duration is not valid/],
    ['TypeError', { duration: Number.POSITIVE_INFINITY as never }, /duration is not valid/],
    ['TypeError', { data: [1, 2, 3] as never }, /data is not valid/],
    ['TypeError', { data: new Uint8Array(new SharedArrayBuffer(24)) as never }, /not on shared memory/],
  ])('throws a %s for %j', (name, change, message) => {
    const make = () => videoFrame(init(change));
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ name }));
  });

  it('is bounded by the option', () => {
    expect(() => videoFrame(init(), 7)).toThrow(/at most 7 pixels; received "4 x 2 = 8"/);
    expect(videoFrame(init(), 8).width).toBe(4);
  });
});

describe('frames on the same bytes', () => {
  it('are as many as there are receivers, and nothing is copied', () => {
    const frame = videoFrame(init({ gap: { duration: micros(5), reason: 'source' }, epoch: 3, duration: micros(9) }));
    const clone = frame.clone();
    expect(clone.data).toBe(frame.data);
    expect(clone).toMatchObject({ timestamp: 40_000, epoch: 3, duration: 9, gap: { duration: 5, reason: 'source' } });
    expect([frame.exclusive, clone.exclusive]).toEqual([false, false]);
    frame.close();
    expect(clone.exclusive).toBe(true);
    expect(clone.data).toHaveLength(24);
  });

  it('may have other times', () => {
    const frame = videoFrame(init());
    const later = frame.derive({ timestamp: micros(80_000), duration: micros(40_000), colorSpace: 'bt709' });
    expect(later).toMatchObject({ timestamp: 80_000, duration: 40_000, colorSpace: 'bt709', width: 4 });
    expect(frame.timestamp).toBe(40_000);
    const moved = later.move({ timestamp: micros(1), gap: undefined });
    expect([later.closed, moved.timestamp, moved.duration]).toEqual([true, 1, 40_000]);
    expect(moved.data).toBe(frame.data);
  });

  it('have no times that are none', () => {
    const frame = videoFrame(init());
    for (const timestamp of [Number.NaN, undefined as never]) {
      expect(() => frame.derive({ timestamp: timestamp as never })).toThrow(/^timestamp is not valid/);
      expect(() => frame.move({ timestamp: timestamp as never })).toThrow(/^timestamp is not valid/);
    }
    expect([frame.closed, frame.exclusive]).toEqual([false, true]);
  });

  it('are drawn on only by who is alone', () => {
    const pool = new VideoFramePool();
    const frame = pool.frame(init());
    frame.data.fill(1);
    expect(frame.writable(pool)).toBe(frame);
    const other = frame.clone();
    const drawn = frame.writable(pool);
    expect(frame.closed).toBe(true);
    drawn.data.fill(2);
    expect([other.data[0], drawn.data[0]]).toEqual([1, 2]);
    expect(other.writable(pool)).toBe(other);
    expect(pool.stats).toMatchObject({ requests: 2, openBuffers: 2 });
  });

  it('give their bytes away once they are alone, else a copy', () => {
    const frame = videoFrame(init());
    const { data } = frame;
    const clone = frame.clone();
    const copy = frame.detach();
    expect(copy).not.toBe(data);
    expect(copy).toEqual(data);
    expect(clone.detach()).toBe(data);
    expect([frame.closed, clone.closed]).toEqual([true, true]);
  });

  it('are not used after their end', () => {
    const pool = new VideoFramePool();
    const frame = pool.frame(init());
    using clone = frame.clone();
    frame.close();
    frame.close();
    expect(clone.exclusive).toBe(true);
    for (const use of [
      () => frame.data,
      () => frame.clone(),
      () => frame.derive({}),
      () => frame.move({}),
      () => frame.writable(pool),
      () => frame.detach(),
    ])
      expect(use).toThrow(expect.objectContaining({ code: 'SLUICE_FRAME_CLOSED' }));
    expect(pool.stats).toMatchObject({ openBuffers: 1, idleBuffers: 0 });
  });
});
