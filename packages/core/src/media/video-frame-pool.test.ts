import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { micros } from '../time/units.ts';
import { type VideoFrame, videoFrame } from './video-frame.ts';
import { VideoFramePool } from './video-frame-pool.ts';

/** A grey picture of `width` bytes of luma in one row, so that sizes are easy to add up. */
const row = (width: number) => ({ width, height: 1, format: 'RGBA', timestamp: micros(0) }) as const;
const bytesOf = (width: number) => 4 * width;

describe('VideoFramePool', () => {
  it('gives exact bytes in a buffer of their own, and the same ones again', () => {
    const pool = new VideoFramePool();
    const first = pool.frame({ width: 3, height: 3, format: 'I420', timestamp: micros(1), epoch: 2 });
    const { data } = first;
    expect([data.length, data.byteOffset, data.buffer.byteLength]).toEqual([17, 0, 17]);
    expect(first).toMatchObject({ timestamp: 1, epoch: 2 });
    first.close();
    const second = pool.frame({ width: 17, height: 1, format: 'I420', timestamp: micros(0) });
    expect(second.data).not.toBe(data);
    expect(pool.frame({ width: 3, height: 3, format: 'I420', timestamp: micros(0) }).data).toBe(data);
    expect(pool.stats).toMatchObject({ requests: 3, misses: 2, openBuffers: 2, idleBuffers: 0 });
  });

  it('takes bytes back only when the last frame on them is closed', () => {
    const pool = new VideoFramePool();
    const frame = pool.frame(row(10));
    const branches = [frame.clone(), frame.clone()];
    expect(pool.stats).toMatchObject({ requests: 1, openBuffers: 1, openBytes: 40 });
    frame.close();
    branches[0]!.close();
    expect(pool.stats).toMatchObject({ openBuffers: 1, idleBuffers: 0 });
    branches[1]!.close();
    expect(pool.stats).toMatchObject({ openBuffers: 0, openBytes: 0, idleBuffers: 1, idleBytes: 40 });
  });

  it('remembers the most there ever was', () => {
    const pool = new VideoFramePool();
    const open = [pool.frame(row(10)), pool.frame(row(5))];
    for (const frame of open) frame.close();
    pool.frame(row(1)).close();
    expect(pool.stats).toMatchObject({ highestBytes: 60, openBytes: 0 });
  });

  it('makes a frame like another one', () => {
    const pool = new VideoFramePool();
    const gap = { duration: micros(3), reason: 'source' as const };
    const like = videoFrame({ ...row(2), data: new Uint8Array(8), duration: micros(7), epoch: 4, gap });
    expect(pool.like(like, { format: 'I420', colorSpace: 'bt709' })).toMatchObject({
      ...{ width: 2, height: 1, format: 'I420', colorSpace: 'bt709', duration: 7, epoch: 4, gap },
    });
    expect(like.closed).toBe(false);
  });

  it('refuses times that are none, and takes no memory for them', () => {
    const pool = new VideoFramePool();
    for (const timestamp of [Number.NaN, Number.POSITIVE_INFINITY, undefined]) {
      const init = { width: 4, height: 2, format: 'RGB', timestamp: timestamp as never } as const;
      expect(() => pool.frame(init)).toThrow(/^timestamp is not valid/);
      expect(() => pool.adopt(new Uint8Array(24), init)).toThrow(/^timestamp is not valid/);
    }
    expect(pool.stats).toMatchObject({ openBuffers: 0, requests: 0 });
  });

  it('makes no frame like a closed one, and takes no memory for it', () => {
    const pool = new VideoFramePool();
    const frame = pool.frame({ width: 4, height: 2, format: 'RGB', timestamp: micros(0) });
    frame.close();
    expect(() => pool.like(frame, { format: 'I420' })).toThrow(
      expect.objectContaining({ code: 'SLUICE_FRAME_CLOSED' }),
    );
    expect(pool.stats).toMatchObject({ openBuffers: 0, requests: 1 });
  });

  it('gives up what was not used for longest when too much lies idle', () => {
    const pool = new VideoFramePool({ maxIdleBytes: bytesOf(30) });
    const idle = (widths: readonly number[]) => {
      const before = pool.stats.misses;
      const frames = widths.map((width) => pool.frame(row(width)));
      const misses = pool.stats.misses - before;
      for (const frame of frames) frame.close();
      return widths.length - misses;
    };
    for (const width of [10, 20]) pool.frame(row(width)).close();
    expect(pool.stats).toMatchObject({ idleBuffers: 2, idleBytes: 120 });
    pool.frame(row(10)).close(); // Now 20 was not used for longest.
    pool.frame(row(15)).close();
    expect(pool.stats).toMatchObject({ idleBuffers: 2, idleBytes: 100 });
    expect(idle([10, 15])).toBe(2);
    expect(idle([20])).toBe(0);
    expect(pool.stats.idleBytes).toBeLessThanOrEqual(120);
  });

  it('does not keep a picture that is larger than all that may lie idle', () => {
    const pool = new VideoFramePool({ maxIdleBytes: bytesOf(10) });
    pool.frame(row(5)).close();
    pool.frame(row(11)).close();
    expect(pool.stats).toMatchObject({ idleBuffers: 1, idleBytes: 20, openBytes: 0 });
    const none = new VideoFramePool({ maxIdleBytes: 0 });
    none.frame(row(1)).close();
    expect(none.stats).toMatchObject({ idleBuffers: 0, misses: 1 });
  });

  it('lets go of idle memory', () => {
    const pool = new VideoFramePool();
    const open = pool.frame(row(1));
    pool.frame(row(2)).close();
    pool.clear();
    expect(pool.stats).toMatchObject({ idleBuffers: 0, idleBytes: 0, openBuffers: 1 });
    open.close();
    expect(pool.stats).toMatchObject({ idleBuffers: 1, idleBytes: 4 });
  });

  it('keeps bytes that came from elsewhere, and forgets those that went there', () => {
    const pool = new VideoFramePool();
    const data = new Uint8Array(40);
    pool.adopt(data, row(10)).close();
    const frame = pool.frame(row(10));
    expect(frame.data).toBe(data);
    expect(frame.detach()).toBe(data);
    expect(pool.stats).toMatchObject({ requests: 1, misses: 0, openBuffers: 0, openBytes: 0, idleBuffers: 0 });
  });

  it.each([
    ['SLUICE_FRAME_SHAPE', new Uint8Array(39), row(10)],
    ['SLUICE_INVALID_ARGUMENT', new Uint8Array(80).subarray(40), row(10)],
    ['SLUICE_OUT_OF_RANGE', new Uint8Array(0), row(0)],
  ])('refuses bytes that are not the picture: %s', (code, data, format) => {
    const pool = new VideoFramePool();
    expect(() => pool.adopt(data, format)).toThrow(expect.objectContaining({ code }));
    expect(pool.stats.openBuffers).toBe(0);
  });

  it.each([
    ['SLUICE_OUT_OF_RANGE', { ...row(0) }],
    ['SLUICE_OUT_OF_RANGE', { ...row(1), height: 16_385 }],
    ['SLUICE_INVALID_ARGUMENT', { ...row(Number.NaN) }],
    ['SLUICE_INVALID_ARGUMENT', { ...row(1), format: 'YUY2' as never }],
  ])('makes no frame of what is no format: %s', (code, format) => {
    const pool = new VideoFramePool();
    expect(() => pool.frame(format)).toThrow(expect.objectContaining({ code }));
    expect(pool.stats).toMatchObject({ requests: 0, openBuffers: 0 });
  });

  it.each([-1, Number.NaN])('refuses %s idle bytes', (maxIdleBytes) => {
    expect(() => new VideoFramePool({ maxIdleBytes })).toThrow(RangeError);
  });

  it('keeps its books, whatever is done to its frames', () => {
    const width = fc.integer({ min: 1, max: 5 });
    const at = fc.nat(20);
    const steps = fc.oneof(
      fc.record({ do: fc.constant('frame' as const), width }),
      fc.record({ do: fc.constant('adopt' as const), width }),
      fc.record({
        do: fc.constantFrom('clone', 'derive', 'move', 'writable', 'detach', 'close', 'close') as never,
        at,
      }),
    ) as fc.Arbitrary<{ do: keyof typeof acts; width: number; at: number }>;
    let pool = new VideoFramePool();
    let open: VideoFrame[] = [];
    const pick = (index: number) => open.splice(index % open.length, 1)[0]!;
    const acts = {
      frame: (step: { width: number }) => void open.push(pool.frame(row(step.width))),
      adopt: (step: { width: number }) =>
        void open.push(pool.adopt(new Uint8Array(bytesOf(step.width)), row(step.width))),
      clone: (step: { at: number }) => void open.push(open[step.at % open.length]!.clone()),
      derive: (step: { at: number }) => void open.push(open[step.at % open.length]!.derive({ timestamp: micros(1) })),
      move: (step: { at: number }) => void open.push(pick(step.at).move({ epoch: 1 })),
      writable: (step: { at: number }) => void open.push(pick(step.at).writable(pool)),
      detach: (step: { at: number }) => void pick(step.at).detach(),
      close: (step: { at: number }) => pick(step.at).close(),
    };
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), fc.integer({ min: 0, max: 80 }), (list, maxIdleBytes) => {
        pool = new VideoFramePool({ maxIdleBytes });
        open = [];
        let highest = 0;
        for (const step of list) {
          if ('width' in step || open.length > 0) acts[step.do](step);
          const memories = new Set(open.map((frame) => frame.data));
          const bytes = [...memories].reduce((sum, data) => sum + data.byteLength, 0);
          const { stats } = pool;
          highest = Math.max(highest, stats.openBytes);
          expect([stats.openBuffers, stats.openBytes]).toEqual([memories.size, bytes]);
          expect(stats.highestBytes).toBeGreaterThanOrEqual(highest);
          expect(stats.idleBytes).toBeLessThanOrEqual(maxIdleBytes);
          expect(stats.misses).toBeLessThanOrEqual(stats.requests);
          for (const frame of open)
            expect(frame.exclusive).toBe(open.filter(({ data }) => data === frame.data).length === 1);
        }
        for (const frame of open) frame.close();
        expect(pool.stats).toMatchObject({ openBuffers: 0, openBytes: 0, leaked: {} });
        const { idleBuffers, idleBytes } = pool.stats;
        expect(idleBytes === 0).toBe(idleBuffers === 0);
      }),
    );
  });
});
