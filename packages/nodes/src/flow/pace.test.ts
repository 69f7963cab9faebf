import {
  type AudioFrame,
  type Micros,
  micros,
  pullSource,
  samplesToMicros,
  type VideoFrame,
  withContext,
} from '@sluice/core';
import fc from 'fast-check';
import { from, type Observable, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { pictureAt } from '../../test/picture-frames.ts';
import { frameAt, frames, joined, largestStep, sine } from '../../test/ramp-frames.ts';
import { runPictures } from '../../test/run-pictures.ts';
import { TestContext } from '../../test/test-context.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { frameTime } from '../options/exact-frame-rate.ts';
import { type PaceOptions, pace } from './pace.ts';

operatorChecklist('pace', { make: () => pace() });
operatorChecklist('pace without a cushion', { make: () => pace({ cushionMs: 0 }) });

/** Runs a pacer in virtual time; notes when each frame left. */
function paced(source: Observable<AudioFrame>, options: PaceOptions = {}, context = new TestContext()) {
  const operator = pace(options);
  const left: { at: number; frame: AudioFrame }[] = [];
  const state = { completed: false, error: undefined as unknown };
  withContext(context, () =>
    source.pipe(operator).subscribe({
      next: (frame) => left.push({ at: context.clock.now(), frame }),
      error: (error: unknown) => {
        state.error = error;
      },
      complete: () => {
        state.completed = true;
      },
    }),
  );
  return { left, state, operator, context, times: () => left.map(({ at }) => at) };
}

describe('pace', () => {
  it('sends the cushion ahead, then keeps real time', async () => {
    const { context, times, state } = paced(from(frames(8)));
    await context.clock.advance(1_000);
    expect(times()).toEqual([0, 0, 0, 0, 20, 40, 60, 80]);
    expect(state.completed).toBe(true);
  });

  it('is never early and never reorders, whatever the lengths, arrivals and stalls', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ length: fc.integer({ min: 1, max: 1_600 }), wait: fc.integer({ min: 0, max: 300 }) }), {
          minLength: 1,
          maxLength: 25,
        }),
        fc.integer({ min: 0, max: 120 }),
        async (steps, cushionMs) => {
          const source = new Subject<AudioFrame>();
          const { context, left } = paced(source, { cushionMs, reanchorMs: 200 });
          let start = 0;
          for (const { length, wait } of steps) {
            source.next(frameAt(start, length));
            start += length;
            await context.clock.advance(wait);
          }
          source.complete();
          await context.clock.run();
          expect(left).toHaveLength(steps.length);
          for (let later = 1; later < left.length; later++) {
            expect(left[later]!.frame.timestamp).toBeGreaterThan(left[later - 1]!.frame.timestamp);
            // Never early against the first frame; a catch-up is never more than a stall that is caught up with.
            for (let earlier = 0; earlier < later; earlier++) {
              const media = (left[later]!.frame.timestamp - left[earlier]!.frame.timestamp) / 1000;
              const ahead = media - (left[later]!.at - left[earlier]!.at);
              expect(ahead).toBeLessThanOrEqual(cushionMs + (earlier === 0 ? 0 : 200) + 0.002);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does not drift over an hour of frames whose length is no whole number of milliseconds', async () => {
    const count = Math.floor((3_600 * 44_100) / 1_000);
    let index = 0;
    const source = pullSource<AudioFrame>({ name: 'hour' }, () => ({
      read: () => (index === count ? null : frameAt(index++ * 1_000, 1_000, () => 1, { sampleRate: 44_100 })),
    }));
    const context = new TestContext();
    let worst = 0;
    let last = 0;
    const operator = pace({ cushionMs: 0 });
    withContext(context, () =>
      source.pipe(operator).subscribe((frame) => {
        last = frame.timestamp;
        worst = Math.max(worst, Math.abs(context.clock.now() - frame.timestamp / 1000));
        frame.close();
      }),
    );
    await context.clock.run();
    expect(last).toBe(samplesToMicros((count - 1) * 1_000, 44_100));
    expect(worst).toBeLessThan(0.01);
    expect(context.mostHeld).toBeLessThanOrEqual(10);
  }, 60_000);

  it('holds a source that can be asked back, outside a graph too', async () => {
    let read = 0;
    const source = pullSource<AudioFrame>({ name: 'long' }, () => ({ read: () => frameAt(read++ * 320, 320) }));
    const { context, left } = paced(source, { maxHeld: 3 });
    await context.clock.advance(200);
    expect(read - left.length).toBeLessThanOrEqual(3);
    expect(left.length).toBe(14);
    expect(context.held).toBe(3);
  });

  it('catches up after a short stall and begins anew after a long one', async () => {
    const source = new Subject<AudioFrame>();
    const { context, times, operator } = paced(source, { cushionMs: 0 });
    const send = (index: number, count = 1) => {
      for (let offset = 0; offset < count; offset++) source.next(frameAt((index + offset) * 320, 320));
    };
    send(0);
    await context.clock.advance(100);
    send(1, 6);
    expect(times()).toEqual([0, 100, 100, 100, 100, 100]);
    expect(operator.statistics()).toMatchObject({ underruns: 4, maxLatenessMs: 80, reanchors: 0 });
    await context.clock.advance(1_000);
    send(7, 3);
    await context.clock.advance(100);
    expect(times().slice(6)).toEqual([120, 1_100, 1_120, 1_140]);
    expect(operator.statistics()).toMatchObject({ reanchors: 1, frames: 10, mediaMs: 200, queuedMs: 0 });
  });

  it('lets a gap take its time, or not', async () => {
    for (const [gaps, expected] of [
      ['keep', [0, 20, 140]],
      ['skip', [0, 20, 40]],
    ] as const) {
      const list = frames(3);
      list[2]!.gap = { duration: 100_000 as Micros, reason: 'overflow' };
      const { context, times } = paced(from(list), { cushionMs: 0, gaps });
      await context.clock.advance(1_000);
      expect(times()).toEqual(expected);
    }
  });

  it('clears its queue on an interruption, with a fade where the receiver has run dry', async () => {
    const source = new Subject<AudioFrame>();
    const { context, left, operator } = paced(source, { cushionMs: 0 });
    const tone = sine(200, 20_000);
    for (let index = 0; index < 5; index++) source.next(frameAt(index * 320, 320, tone));
    await context.clock.advance(39);
    context.interrupt(5);
    expect(left).toHaveLength(3);
    const fade = left[2]!.frame;
    expect(fade.length).toBe(80);
    expect(fade.epoch).toBe(1);
    const heard = joined(left.map(({ frame }) => frame));
    expect(largestStep(Int16Array.of(...heard, 0))).toBeLessThan(1_800);
    expect(context.droppedMicros).toBe(55_000);
    expect(operator.statistics()).toMatchObject({ queuedMs: 0, droppedMs: 60 });
    source.next(frameAt(0, 320, tone));
    expect(left).toHaveLength(3);
    source.next(frameAt(0, 320, tone, { epoch: 1 }));
    expect(left.at(-1)).toMatchObject({ at: 39, frame: { epoch: 1, length: 320 } });
  });

  it('leaves the fade to a receiver that still has sound to play', async () => {
    const source = new Subject<AudioFrame>();
    const { context, left } = paced(source);
    for (let index = 0; index < 10; index++) source.next(frameAt(index * 320, 320));
    await context.clock.advance(20);
    context.interrupt(5);
    expect(left).toHaveLength(5);
    expect(context.held).toBe(0);
  });

  it('is an error when the source outruns it and cannot be held back', () => {
    const { state, context } = paced(from(frames(20)), { maxQueuedMs: 100 });
    expect(state.error).toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW', message: expect.stringContaining('pace') });
    expect(context.held).toBe(0);
  });

  it('refuses options at once', () => {
    expect(() => pace({ cushionMs: -1 })).toThrow(RangeError);
    expect(() => pace({ maxHeld: 0 })).toThrow(RangeError);
    expect(() => pace({ gaps: 'drop' as never })).toThrow(/'keep' or 'skip'/);
    expect(pace().statistics()).toMatchObject({ frames: 0 });
  });
});

videoOperatorChecklist('pace of pictures', { make: () => pace<VideoFrame>() });

describe('pace of pictures', () => {
  const play = (source: Observable<VideoFrame>, options: PaceOptions = {}) => {
    const operator = pace<VideoFrame>(options);
    return { operator, ...runPictures(source, operator) };
  };

  it('shows each when its timestamp says so, without a cushion', async () => {
    const { seen, context, state } = play(from([0, 1, 2, 5, 6].map((index) => pictureAt(index))));
    await context.clock.advance(1_000);
    expect(seen.map(({ at }) => at)).toEqual([0, 40, 80, 200, 240]);
    expect(state.completed).toBe(true);
  });

  it('begins where the stream begins, and goes on behind the last one when time goes back', async () => {
    const { seen, context } = play(from([100, 101, 0, 1].map((index) => pictureAt(index))));
    await context.clock.advance(1_000);
    expect(seen.map(({ at }) => at)).toEqual([0, 40, 80, 120]);
  });

  it('leaves out the time of gaps if that is asked for', async () => {
    const gap = { duration: micros(120_000), reason: 'overflow' } as const;
    const list = () => from([pictureAt(0), pictureAt(4, undefined, { gap })]);
    const [kept, skipped] = [play(list()), play(list(), { gaps: 'skip' })];
    for (const { context } of [kept, skipped]) await context.clock.advance(1_000);
    expect(kept.seen.map(({ at }) => at)).toEqual([0, 160]);
    expect(skipped.seen.map(({ at }) => at)).toEqual([0, 40]);
  });

  it('does not drift over an hour at 30000/1001', async () => {
    const rate = { numerator: 30_000, denominator: 1_001 };
    const count = Math.floor((3_600 * 30_000) / 1_001);
    let index = 0;
    const source = pullSource<VideoFrame>({ name: 'hour' }, () => ({
      read: () => (index === count ? null : pictureAt(0, undefined, { timestamp: frameTime(index++, rate) })),
    }));
    const context = new TestContext();
    let worst = 0;
    withContext(context, () =>
      source.pipe(pace<VideoFrame>()).subscribe((frame) => {
        worst = Math.max(worst, Math.abs(context.clock.now() - frame.timestamp / 1000));
        frame.close();
      }),
    );
    await context.clock.run();
    expect(index).toBe(count);
    expect(worst).toBeLessThan(0.01);
  }, 60_000);

  it('refuses to keep more than a second of a source that cannot wait', () => {
    const source = new Subject<VideoFrame>();
    const { state } = play(source);
    for (let index = 0; index < 30; index++) source.next(pictureAt(index));
    expect(state.error).toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW' });
  });
});
