import { availableParallelism } from 'node:os';
import { concat, NEVER, type Observable, of, Subject } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { collect, numbered, numberOf, numbers, range } from '../../test/graph-fixtures.ts';
import { type AudioFrame, type Frame, graph, inWorker, type Micros, micros, videoFramePool } from '../index.ts';

const module = new URL('../../test/workers/chores.mjs', import.meta.url);

describe('inWorker', () => {
  it('runs an operator on a thread, in order, with the source held back', async () => {
    const bot = graph('threads');
    const source = numbers(200);
    const sink = collect();
    bot
      .from(source)
      .pipe(inWorker<AudioFrame>({ module, exportName: 'negate', maxInFlight: 3 }))
      .to(sink);
    await bot.start();
    // Nothing has come back yet: only what may be in flight and one full link were read.
    expect(source.reads).toBeLessThanOrEqual(3 + 16 + 1);
    await bot.finished;
    expect(sink.frames.map(numberOf).map(Math.abs)).toEqual(range(200));
    expect(numberOf(sink.frames[7]!)).toBe(-7);
    expect(sink.frames[7]!.timestamp).toBe(140_000);
  });

  it('keeps the utterance, of sound and of pictures', async () => {
    const bot = graph('said');
    const sink = collect<Frame>();
    const said = { utterance: 'a' };
    const sound = numbered(1).move(said);
    const picture = videoFramePool.frame({ width: 2, height: 2, format: 'RGBA', timestamp: micros(0), ...said });
    bot
      .from(of<Frame[]>(sound, picture))
      .pipe(inWorker<Frame>({ module, exportName: 'pass' }))
      .to(sink);
    await bot.run();
    expect(sink.frames.map(({ kind, utterance }) => [kind, utterance])).toEqual([
      ['audio', 'a'],
      ['video', 'a'],
    ]);
  });

  it('does not take the samples away from another branch', async () => {
    const bot = graph('branch');
    const [plain, negated] = [collect(), collect()];
    const flow = bot.from(numbers(20));
    flow.pipe(inWorker<AudioFrame>({ module, exportName: 'negate' })).to(negated);
    flow.to(plain);
    await bot.run();
    expect(plain.frames.map((frame) => frame.samples.length)).toEqual(range(20).map(() => 320));
    expect(plain.frames.map(numberOf)).toEqual(range(20));
  });

  it('surfaces what the operator throws', async () => {
    const bot = graph('throws');
    bot
      .from(numbers(20))
      .pipe(inWorker<AudioFrame>({ module, exportName: 'failAt', options: { at: 5 } }))
      .to(collect());
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_WORKER_FAILED', cause: { message: 'no 5' } });
  });

  it('ends a thread that hangs, and tells each node on it who did it', async () => {
    // One more than there are threads, so that one of them shares with the one that hangs.
    const others = range(availableParallelism()).map((index) => {
      const bot = graph(`other-${index}`);
      bot
        .from(NEVER as Observable<AudioFrame>)
        .pipe(inWorker<AudioFrame>({ module, exportName: 'negate' }))
        .to(collect());
      return bot;
    });
    await Promise.all(others.map((other) => other.start()));
    const bot = graph('hang');
    bot
      .from(numbers(20))
      .pipe(inWorker<AudioFrame>({ module, exportName: 'hang', timeoutMs: 300 }))
      .to(collect());
    const failure = {
      code: 'SLUICE_WORKER_FAILED',
      message: expect.stringContaining('worker hang: a frame took longer'),
    };
    const first = Promise.any(
      others.map((other) =>
        other.finished.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    );
    await expect(bot.run()).rejects.toMatchObject(failure);
    expect(await first).toMatchObject(failure);
    await Promise.all(others.map((other) => other.abort()));
  });

  it('is named while its thread takes long, before it is ended', async () => {
    const bot = graph('long');
    bot
      .from(numbers(3))
      .with({ name: 'endless' })
      .pipe(inWorker<AudioFrame>({ module, exportName: 'hang', timeoutMs: 1_200 }))
      .to(collect());
    const done = bot.run().catch((error: unknown) => error);
    const isNamed = () => bot.inspect().problems.some((text) => /^`endless` has waited \d+ ms/.test(text));
    await vi.waitUntil(isNamed, { timeout: 5_000, interval: 20 });
    expect(bot.inspect().nodes.find(({ id }) => id === 'endless')).toMatchObject({
      state: 'running',
      thread: 'worker',
    });
    expect(bot.inspect().nodes.find(({ id }) => id === 'numbers')).toMatchObject({ thread: 'main' });
    expect(await done).toMatchObject({ code: 'SLUICE_WORKER_FAILED' });
    expect(bot.inspect().problems.join()).not.toMatch(/has waited/);
  });

  it.each([
    ['crash', /exit\(3\)/],
    ['exitLater', /exit\(3\)/],
    ['throwLater', /later/],
    ['rejectLater', /later/],
  ])('takes nothing from others on the same thread: %s', async (exportName, fault) => {
    // One more than there are threads, so that the faulty one shares.
    const others = range(availableParallelism()).map((index) => {
      const bot = graph(`other-${index}`);
      const input = new Subject<AudioFrame>();
      const sink = collect();
      bot
        .from(input)
        .pipe(inWorker<AudioFrame>({ module, exportName: 'negate' }))
        .to(sink);
      return { bot, input, sink };
    });
    await Promise.all(others.map(({ bot }) => bot.start()));
    const bot = graph('faulty');
    bot
      .from(concat(of(numbered(0)), NEVER))
      .pipe(inWorker<AudioFrame>({ module, exportName }))
      .to(collect());
    await expect(bot.run()).rejects.toMatchObject({
      code: 'SLUICE_WORKER_FAILED',
      message: expect.stringMatching(fault),
    });
    for (const { input } of others) {
      input.next(numbered(1));
      input.complete();
    }
    await Promise.all(others.map(({ bot: other }) => other.finished));
    expect(others.map(({ sink }) => numberOf(sink.frames[0]!))).toEqual(others.map(() => -1));
  });

  it('says what is wrong with a module or an export that is not there', async () => {
    const bot = graph('missing');
    bot
      .from(numbers(5))
      .pipe(inWorker<AudioFrame>({ module, exportName: 'absent' }))
      .to(collect());
    await expect(bot.run()).rejects.toThrow(/no function export named absent/);
    expect(() => inWorker({ module: './x.js' as never })).toThrow(TypeError);
    expect(() => inWorker({ module, maxInFlight: 0 })).toThrow(RangeError);
  });

  it('fails on a frame that cannot cross to a thread', async () => {
    const bot = graph('uncloneable');
    const text = { kind: 'text', timestamp: 0 as Micros, say: () => {} };
    bot
      .from<Frame>(of(text))
      .pipe(inWorker({ module, exportName: 'negate' }))
      .to(collect<Frame>());
    await expect(bot.run()).rejects.toThrow(/could not be cloned/);
  });

  it('notices a module that never loads, also when no frame comes', async () => {
    const never = new URL('data:text/javascript,await new Promise((resolve) => setTimeout(resolve, 1e9))');
    for (const count of [0, 3]) {
      const bot = graph('never');
      bot
        .from(numbers(count))
        .pipe(inWorker<AudioFrame>({ module: never, timeoutMs: 100 }))
        .to(collect());
      await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_WORKER_FAILED' });
    }
  });
});
