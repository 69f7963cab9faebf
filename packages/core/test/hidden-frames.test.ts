import { concatMap, delay, filter, from, type MonoTypeOperatorFunction, map, mergeMap, of, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type AudioFrame, type Frame, graph, pullSource, pushSource } from '../src/index.ts';
import { collect, numbered, numberOf, numbers, range } from './graph-fixtures.ts';

const slowly = <F extends Frame>() => concatMap((frame: F) => of(frame).pipe(delay(2)));

describe('what hides inside an operator of RxJS', () => {
  it('is an error that names it, at 1,500 frames', async () => {
    const bot = graph('hidden');
    const source = numbers(20_000);
    const sink = collect();
    bot.from(source).pipe(slowly()).to(sink);
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW', nodeId: 'operator' });
    expect(source.reads - sink.frames.length).toBeLessThan(1_500 + 20);
  });

  it('is found in a longer chain, by its place, and what others drop is not counted', async () => {
    const bot = graph('hidden');
    const source = numbers(60_000);
    const sink = collect();
    bot
      .from(source)
      .pipe(
        map((frame: AudioFrame) => frame),
        filter((frame) => numberOf(frame) % 4 === 0),
        slowly(),
      )
      .to(sink);
    await expect(bot.run()).rejects.toThrow(/the 3\. of 3/);
    expect(source.reads).toBeGreaterThan(4 * 1_499);
    expect(source.reads / 4 - sink.frames.length).toBeLessThan(1_500 + 20);
  });

  it('is an error at 64 MiB', async () => {
    const bot = graph('bytes');
    let made = 0;
    const pictures = pullSource<Frame>({ name: 'pictures' }, () => ({
      read: () => ({ kind: 'blob', timestamp: made++, data: new Uint8Array(2 ** 20) }) as unknown as Frame,
    }));
    const sink = collect<Frame>();
    bot.from(pictures).pipe(slowly()).to(sink);
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW' });
    // What waits on the link was made as well.
    expect(made - sink.frames.length).toBeLessThan(64 + 20);
  });

  it('is an error behind a live source as soon as it shows', async () => {
    const live = new Subject<AudioFrame>();
    const first = new Subject<void>();
    const bot = graph('live');
    const source = pushSource<AudioFrame>({ name: 'live' }, (destination) => {
      const subscription = live.subscribe(destination);
      return () => subscription.unsubscribe();
    });
    bot
      .from(source)
      .pipe(concatMap((frame) => first.pipe(map(() => frame))))
      .to(collect());
    const done = bot.run();
    done.catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    for (const index of range(1_700)) live.next(numbered(index));
    expect(bot.status).toBe('running');
    first.next();
    await expect(done).rejects.toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW' });
  });

  it('is none where frames are dropped, however many, at once or later', async () => {
    const passes = async (operator: MonoTypeOperatorFunction<AudioFrame>, count: number) => {
      const bot = graph('dropped');
      const sink = collect();
      bot.from(numbers(count)).pipe(operator).to(sink);
      await bot.run();
      return sink.frames.map(numberOf);
    };
    expect(
      await passes(
        filter((frame) => numberOf(frame) === 9_999),
        10_000,
      ),
    ).toEqual([9_999]);
    expect(
      await passes(
        filter(() => false),
        10_000,
      ),
    ).toEqual([]);
    expect(
      (
        await passes(
          filter((frame) => numberOf(frame) % 7 === 0),
          7_000,
        )
      ).length,
    ).toBe(1_000);
    const burst = mergeMap((frame: AudioFrame) => (numberOf(frame) % 50 === 0 ? from([frame]) : from([])));
    expect((await passes(burst, 5_000)).length).toBe(100);
  });

  it('may be a delay, as long as it is short', async () => {
    const bot = graph('delayed');
    const sink = collect();
    bot.from(numbers(1_000)).pipe(delay(20)).to(sink);
    await bot.run();
    expect(sink.frames.map(numberOf)).toEqual(range(1_000));
  });
});
