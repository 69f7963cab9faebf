import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createOperator,
  createSink,
  graph,
  inWorker,
  micros,
  pullSource,
  type Source,
  type VideoFormat,
  type VideoFrame,
  videoFramePool,
} from '../src/index.ts';
import { collect, range } from './graph-fixtures.ts';

const small = { width: 6, height: 4, format: 'RGBA' } as const satisfies VideoFormat;

/** Pictures whose every byte is their number. */
function pictures(count: number, declare = true): Source<VideoFrame> {
  const spec = { name: 'pictures', ...(declare ? { format: { kind: 'video' as const, ...small } } : {}) };
  return pullSource<VideoFrame>(spec, () => {
    let index = 0;
    return {
      read() {
        if (index === count) return null;
        const frame = videoFramePool.frame({ ...small, timestamp: micros(index * 40_000) });
        frame.data.fill(index++);
        return frame;
      },
    };
  });
}

const shade = ({ data }: VideoFrame) => data[0]!;
/** Keeps what it gets. */
function keep(accepts?: Partial<VideoFormat>) {
  const frames: VideoFrame[] = [];
  const sink = createSink<VideoFrame, void>({
    name: 'keep',
    ...(accepts ? { accepts: { kind: 'video' as const, ...accepts } } : {}),
    open: () => ({ write: (frame) => void frames.push(frame), end: () => {} }),
  });
  return Object.assign(sink, { frames });
}

describe('pictures in a graph', () => {
  it.each([true, false])(
    'get the colours that the next node takes; declared before the start: %s',
    async (declared) => {
      const bot = graph('colours');
      const sink = keep({ format: 'I420' });
      bot.from(pictures(3, declared)).to(sink);
      await bot.run();
      expect(sink.frames.map(({ format }) => format)).toEqual(['I420', 'I420', 'I420']);
      // Grey of level n: 16 + 219/255 n.
      expect(sink.frames.map(shade)).toEqual([16, 17, 18]);
      expect(sink.frames.map(({ timestamp }) => timestamp)).toEqual([0, 40_000, 80_000]);
    },
  );

  it('are not scaled unasked', async () => {
    const bot = graph('sizes');
    bot.from(pictures(1)).to(keep({ format: 'I420', width: 8, height: 4 }));
    await expect(bot.start()).rejects.toThrow(/scale\(\{ width: 8, height: 4 \}\)/);
  });

  it('branch without a copy, and whoever draws on one branch leaves the other as it was', async () => {
    const bot = graph('tee');
    const [plain, drawn] = [keep(), keep()];
    const before = videoFramePool.stats.requests;
    const flow = bot.from(pictures(5));
    flow.to(plain);
    flow
      .pipe(
        map((frame: VideoFrame) => {
          const mine = frame.writable(videoFramePool);
          mine.data.fill(200);
          return mine;
        }),
      )
      .to(drawn);
    await bot.run();
    expect(plain.frames.map(shade)).toEqual(range(5));
    expect(drawn.frames.map(shade)).toEqual(range(5).map(() => 200));
    // One buffer for each picture, one more for each that was drawn on while another branch had it.
    expect(videoFramePool.stats.requests - before).toBe(10);
    for (const frame of [...plain.frames, ...drawn.frames]) frame.close();
  });

  it('cross to a worker thread and back', async () => {
    const bot = graph('threads');
    const sink = keep();
    const module = new URL('./workers/chores.mjs', import.meta.url);
    bot
      .from(pictures(8))
      .pipe(inWorker<VideoFrame>({ module, exportName: 'invert' }))
      .to(sink);
    await bot.run();
    expect(sink.frames.map(shade)).toEqual(range(8).map((level) => 255 - level));
    for (const frame of sink.frames) expect(frame).toMatchObject(small);
    expect(sink.frames.map(({ timestamp }) => timestamp)).toEqual(range(8).map((index) => index * 40_000));
  });

  it('fill a link that counts media although nobody knows how long they are shown', async () => {
    const bot = graph('capacity');
    const sink = collect<VideoFrame>(1_000);
    bot
      .from(pictures(100))
      .with({ link: { capacity: { ms: 100 } } })
      .to(sink);
    await bot.start();
    // A source that has kept the event loop too long goes on a turn later.
    const depth = await eventually(
      () => bot.inspect().links[0]!.depth,
      (frames) => frames > 0,
    );
    expect(depth).toBeGreaterThan(0);
    expect(depth).toBeLessThanOrEqual(4);
    await bot.abort();
  });

  it('are missed under the name of the node that made them', async () => {
    const bot = graph('forgetful');
    const copies = createOperator<VideoFrame, VideoFrame>({ name: 'copies' }, (destination) => ({
      next(frame) {
        destination.next(videoFramePool.like(frame));
        frame.close();
      },
    }));
    const sink = createSink<VideoFrame, void>({ name: 'forgets', open: () => ({ write: () => {}, end: () => {} }) });
    bot.from(pictures(4)).pipe(copies).to(sink);
    await bot.run();
    const leaked = await eventually(
      () => videoFramePool.stats.leaked,
      (owners) => owners.copies === 4,
    );
    expect(leaked).toMatchObject({ copies: 4 });
    expect(leaked).not.toHaveProperty('pictures');
  });
});

/** Collects garbage until it is as expected, or a hundred times. */
async function eventually<T>(read: () => T, holds: (value: T) => boolean): Promise<T> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  for (let round = 0; round < 100 && !holds(read()); round++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return read();
}
