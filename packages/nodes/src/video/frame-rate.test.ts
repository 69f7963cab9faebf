import { graph, type Micros, micros, type VideoFrame, videoFramePool } from '@sluice/core';
import { trackFrames } from '@sluice/core/testing';
import fc from 'fast-check';
import { from, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pictureAt } from '../../test/picture-frames.ts';
import { runPictures } from '../../test/run-pictures.ts';
import { TestContext } from '../../test/test-context.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { exactFrameRate, frameTime } from '../options/exact-frame-rate.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { fromFrames } from '../sources/from-frames.ts';
import { frameRate } from './frame-rate.ts';

videoOperatorChecklist('frameRate', { make: () => frameRate(25), keepsTimes: false, interruptible: true });

const marked = (mark: number, timestamp: number, change: { duration?: number; gap?: VideoFrame['gap'] } = {}) => {
  const { duration = 0, gap } = change;
  const times = { timestamp: micros(timestamp), duration: micros(duration), gap };
  const frame = videoFramePool.frame({ width: 2, height: 1, format: 'RGB', ...times });
  frame.data.fill(mark);
  return frame;
};
const run = (frames: VideoFrame[], rate: Parameters<typeof frameRate>[0]) => {
  const operator = frameRate(rate);
  return { ...runPictures(from(frames), operator), operator };
};

describe('frameRate', () => {
  it('repeats and drops by timestamp', () => {
    const frames = [0, 40, 80, 120, 160].map((ms, mark) => marked(mark, ms * 1000));
    const up = run(
      frames.map((frame) => frame.clone()),
      50,
    );
    expect(up.seen.map(({ mark }) => mark)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4]);
    expect(up.seen.map(({ timestamp }) => timestamp)).toEqual(
      [0, 20, 40, 60, 80, 100, 120, 140, 160].map((t) => t * 1000),
    );
    expect(up.operator.statistics()).toEqual({ received: 5, emitted: 9, repeated: 4, dropped: 0, restarts: 0 });
    const down = run(frames, 12.5);
    expect(down.seen.map(({ mark }) => mark)).toEqual([0, 2, 4]);
    expect(down.operator.statistics()).toMatchObject({ dropped: 2, repeated: 0 });
  });

  it('shows stills of over a minute to their end', () => {
    const frames = [0, 90, 180].map((seconds, mark) => marked(mark, seconds * 1e6, { duration: 90e6 }));
    const { seen, operator } = run(frames, 10);
    expect(seen).toHaveLength(2_700);
    for (const [slot, { timestamp, mark }] of seen.entries())
      expect([slot, timestamp, mark]).toEqual([slot, slot * 100_000, Math.floor(slot / 900)]);
    expect(operator.statistics()).toMatchObject({ emitted: 2_700, restarts: 0 });
  });

  it('stands on an exact grid and gives each picture the nearest place, whatever comes', () => {
    const rates = fc.constantFrom(7, 15, 24, 25, 29.97, 30, 59.94, 60);
    const steps = fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rates, fc.integer({ min: -1e9, max: 1e9 }), steps, (rate, start, list) => {
        const times = [start];
        for (const step of list) times.push(times.at(-1)! + step);
        const { seen } = run(
          times.map((time, mark) => marked(mark, time)),
          rate,
        );
        const exact = exactFrameRate(rate);
        const perMicro = exact.numerator / exact.denominator / 1e6;
        const places = times.map((time) => Math.round((time - start) * perMicro));
        for (const [slot, { timestamp, duration, mark }] of seen.entries()) {
          expect(timestamp).toBe(start + frameTime(slot, exact));
          expect(duration).toBe(frameTime(slot + 1, exact) - frameTime(slot, exact));
          // The latest place that is not after this one, and the nearest picture that has it.
          const place = Math.max(...places.filter((other) => other <= slot));
          const off = (index: number) => Math.abs(times[index]! - start - frameTime(place, exact));
          const nearest = Math.min(...places.flatMap((other, index) => (other === place ? off(index) : [])));
          expect([places[mark], off(mark)]).toEqual([place, nearest]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('shows the last picture for as long as it says', () => {
    const { seen, state } = run([marked(1, 0, { duration: 40_000 }), marked(2, 40_000, { duration: 120_000 })], 25);
    expect(seen.map(({ mark }) => mark)).toEqual([1, 2, 2, 2]);
    expect(state.completed).toBe(true);
  });

  it('shows as much as came in: two seconds of any rate are two, to less than a frame', () => {
    for (const from of [24, 25, 29.97, 30, 50, 59.94, 60])
      for (const to of [5, 7, 10, 12.5, 15, 20, 24, 25, 30]) {
        const [source, target] = [exactFrameRate(from), exactFrameRate(to)];
        const count = Math.round(2 * from);
        const frames = Array.from({ length: count }, (_, index) => {
          const timestamp = frameTime(index, source);
          return marked(0, timestamp, { duration: frameTime(index + 1, source) - timestamp });
        });
        const { seen, operator } = run(frames, to);
        const expected = (frameTime(count, source) * target.numerator) / target.denominator / 1e6;
        expect([from, to, Math.abs(seen.length - expected) < 0.999]).toEqual([from, to, true]);
        const { received, emitted, repeated, dropped } = operator.statistics();
        expect(received - dropped).toBe(emitted - repeated);
      }
  });

  it('drops what comes late and begins anew when time goes back', () => {
    const times = [10_000, 10_040, 10_020, 10_080, 0, 40];
    const { seen, operator } = run(
      times.map((ms, mark) => marked(mark, ms * 1000)),
      25,
    );
    expect(seen.map(({ mark, timestamp }) => [mark, timestamp / 1000])).toEqual([
      [0, 10_000],
      [1, 10_040],
      [3, 10_080],
      [4, 0],
      [5, 40],
    ]);
    expect(operator.statistics()).toMatchObject({ dropped: 1, restarts: 1 });
  });

  it('keeps a gap on the first frame of its picture only', () => {
    const gap = { duration: micros(80_000), reason: 'overflow' } as const;
    const { seen } = run([marked(0, 0), marked(1, 80_000, { gap, duration: 80_000 })], 25);
    expect(seen.map(({ gap }) => gap)).toEqual([undefined, undefined, gap, undefined]);
  });

  it('leaves nothing behind when it is left in the middle of a hole', () => {
    using tracker = trackFrames();
    const { state, seen } = runPictures(from([pictureAt(0), pictureAt(100)]), (source) =>
      source.pipe(frameRate(25), take(5)),
    );
    expect([seen.length, state.completed]).toEqual([5, true]);
    tracker.assertNone();
  });

  it('drops what is void', () => {
    const context = new TestContext();
    const source = new Subject<VideoFrame>();
    const { seen } = runPictures(source, frameRate(25), context);
    source.next(pictureAt(0));
    context.interrupt();
    source.next(pictureAt(1));
    for (const index of [7, 8]) source.next(pictureAt(index, undefined, { epoch: context.epoch }));
    source.complete();
    expect(seen.map(({ timestamp }) => timestamp)).toEqual([280_000, 320_000]);
    expect(context.droppedMicros).toBe(40_000);
  });

  it('holds a file back in a graph', async () => {
    const bot = graph('rates');
    const sink = toFrames<VideoFrame>({ limit: 1_000 });
    const frames = Array.from({ length: 50 }, (_, index) => pictureAt(index));
    bot.from(fromFrames(frames)).pipe(frameRate(100)).to(sink);
    await bot.run();
    const result = await sink.finished;
    expect(result.map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: 200 }, (_, index) => (index * 10_000) as Micros),
    );
    for (const frame of result) frame.close();
  });

  it('refuses what is no rate', () => {
    expect(() => frameRate(0)).toThrow(RangeError);
    expect(() => frameRate(Number.NaN)).toThrow(TypeError);
    expect(() => frameRate('30' as unknown as number)).toThrow(TypeError);
  });
});
