import { concatMap, delay, from, map, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collect, numbered, numberOf, numbers, range, ticking } from '../../test/graph-fixtures.ts';
import { type AudioFrame, audioPort, createOperator, createSink, defineNode, graph, pushSource } from '../index.ts';
import { bounded } from '../operators/bounded.ts';
import { VirtualClock } from '../testing/index.ts';

describe('a graph', () => {
  it('carries every frame from source to sink in order, and ends', async () => {
    const bot = graph('line');
    const sink = collect();
    bot
      .from(numbers(1_000))
      .pipe(map((frame) => frame))
      .pipe(map((frame) => frame))
      .to(sink);
    await bot.run();
    expect(sink.frames.map(numberOf)).toEqual(range(1_000));
    expect(bot.status).toBe('done');
    expect(bot.inspect().links.map((link) => link.frames)).toEqual([1_000, 1_000, 1_000]);
  });

  it('reads a source only as fast as the slowest sink takes it', async () => {
    const clock = new VirtualClock();
    const bot = graph('slow', { clock });
    const source = numbers(10_000);
    const sink = collect(20);
    bot
      .from(source)
      .pipe(map((frame) => frame))
      .to(sink);
    const done = bot.run();
    await clock.advance(2_000);
    expect(sink.frames.length).toBe(101);
    // Two links of 16 and what is in hand: nothing else may hold frames.
    expect(source.reads).toBeLessThanOrEqual(101 + 2 * 16 + 2);
    expect(bot.inspect().links.every((link) => link.maxDepth <= 16)).toBe(true);
    bot.abort();
    await expect(done).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
  });

  it('lets an operator hold frames up to its limit and then waits', async () => {
    const clock = new VirtualClock();
    const kept: (() => void)[] = [];
    const keep = createOperator<ReturnType<typeof numbered>, ReturnType<typeof numbered>>(
      { name: 'keep', maxHeld: 3 },
      (destination, context) => ({
        next: (frame) => {
          const release = context.hold();
          kept.push(() => {
            destination.next(frame);
            release();
          });
        },
        complete: () => {
          for (const emit of kept.splice(0)) emit();
          destination.complete();
        },
      }),
    );
    const bot = graph('hold', { clock });
    const source = numbers(50);
    const sink = collect();
    bot.from(source).pipe(keep).to(sink);
    const done = bot.run();
    await clock.settle();
    expect(kept.length).toBe(3);
    while (kept.length > 0) {
      kept.shift()!();
      await clock.settle();
      expect(kept.length).toBeLessThanOrEqual(3);
    }
    await done;
    expect(sink.frames.map(numberOf)).toEqual(range(50));
  });

  it('gives every branch every frame, and the slowest governs', async () => {
    const clock = new VirtualClock();
    const bot = graph('tee', { clock });
    const fast = collect(0, 'fast');
    const slow = collect(5, 'slow');
    const flow = bot.from(numbers(100));
    flow.to(fast);
    flow.to(slow);
    const done = bot.run();
    await clock.run({ until: done });
    await done;
    expect(fast.frames.map(numberOf)).toEqual(range(100));
    expect(slow.frames.map(numberOf)).toEqual(range(100));
  });

  it('stops a source when a chain ends early', async () => {
    const bot = graph('early');
    const source = numbers(1_000_000);
    const sink = collect();
    bot.from(source).pipe(take(5)).to(sink);
    await bot.run();
    expect(sink.frames.map(numberOf)).toEqual(range(5));
    expect(source.reads).toBeLessThan(100);
  });

  it('names an operator that queues without saying so', async () => {
    const clock = new VirtualClock();
    const bot = graph('greedy', { clock });
    const flood = createOperator<AudioFrame, AudioFrame>({ name: 'flood' }, (destination, context) => {
      const kept: AudioFrame[] = [];
      return {
        next(frame) {
          if (kept.push(frame) < 2_000) return;
          context.clock.at(context.clock.now() + 1, () => {
            for (const one of kept) destination.next(one);
          });
        },
        complete() {},
      };
    });
    bot.from(numbers(2_000)).pipe(flood).to(collect(1));
    const failed = expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW', nodeId: 'flood' });
    await clock.run({ until: failed });
    await failed;
  });

  it('lets one frame become many at once, and any number where each waits for room, and counts that as no queue', async () => {
    const burst = range(3_000);
    const atOnce = range(1_400);
    const speak = defineNode({
      name: 'speak',
      inputs: { in: audioPort({}) },
      outputs: { out: audioPort({}) },
      create: (_options: object, context) => ({
        async onFrame(_port, frame) {
          frame.close();
          await Promise.resolve();
          for (const index of burst) await context.send('out', numbered(index));
        },
      }),
    });
    const clock = new VirtualClock();
    const bot = graph('burst', { clock });
    const [first, second] = [collect(1), collect(1)];
    bot
      .from(numbers(2))
      .pipe(concatMap(() => from(atOnce.map((index) => numbered(index)))))
      .to(first);
    const node = bot.add(speak());
    bot.from(numbers(2)).to(node.in.in);
    node.out.out.to(second);
    const done = bot.run();
    await clock.run({ until: done });
    await done;
    expect(first.frames.map(numberOf)).toEqual([...atOnce, ...atOnce]);
    expect(second.frames.map(numberOf)).toEqual([...burst, ...burst]);
  });

  it('says what a plain Observable must do that does not wait', async () => {
    const bot = graph('flood');
    bot.from(from(range(2_000).map((index) => numbered(index)))).to(collect(1));
    await expect(bot.run()).rejects.toThrow(/make it with pullSource/);
  });

  it('bounds an asynchronous RxJS operator that is wrapped in bounded()', async () => {
    const bot = graph('bounded');
    const source = numbers(30);
    const sink = collect();
    bot
      .from(source)
      .pipe(bounded(delay(1), { maxInFlight: 4 }))
      .to(sink);
    const done = bot.run();
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.reads - sink.frames.length).toBeLessThanOrEqual(4 + 16 + 2);
    await done;
    expect(sink.frames.map(numberOf)).toEqual(range(30));
  });
});

describe('a sink', () => {
  /** A sink that tells whether media comes in its own time. */
  const asking = () => {
    const seen: { paced?: boolean } = {};
    const sink = createSink<AudioFrame>({
      name: 'asking',
      open: (context) => ({
        write: (frame) => {
          seen.paced = context.paced;
          frame.close();
        },
        end: () => {},
      }),
    });
    return { sink, seen };
  };
  const pass = () =>
    createOperator<AudioFrame, AudioFrame>({ name: 'pass' }, (destination) => ({
      next: (frame) => destination.next(frame),
    }));
  const both = defineNode({
    name: 'both',
    inputs: { a: audioPort(), b: audioPort() },
    outputs: { out: audioPort() },
    create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('out', frame) }),
  });

  it('is told that media comes as fast as it is taken, or in the time of whoever cannot wait', async () => {
    const told = async (build: (bot: ReturnType<typeof graph>, sink: ReturnType<typeof asking>['sink']) => void) => {
      const clock = new VirtualClock();
      const bot = graph('asked', { clock });
      const { sink, seen } = asking();
      build(bot, sink);
      await bot.start();
      await clock.advance(20);
      bot.abort();
      return seen.paced;
    };
    const two = (bot: ReturnType<typeof graph>, sink: ReturnType<typeof asking>['sink'], live: boolean) => {
      const node = bot.add(both({}));
      bot.from(numbers(9)).to(node.in.a);
      bot.from(live ? ticking() : numbers(9)).to(node.in.b);
      node.out.out.to(sink);
    };
    expect(await told((bot, sink) => bot.from(numbers(9)).pipe(pass()).to(sink))).toBe(false);
    expect(await told((bot, sink) => bot.from(ticking()).pipe(pass()).to(sink))).toBe(true);
    expect(await told((bot, sink) => bot.from(from([numbered(1)])).to(sink))).toBe(true);
    expect(await told((bot, sink) => two(bot, sink, false))).toBe(false);
    expect(await told((bot, sink) => two(bot, sink, true))).toBe(true);
  });
});

describe('a full link', () => {
  const overrun = async (policy: 'drop-oldest' | 'drop-newest' | 'latest') => {
    const clock = new VirtualClock();
    const bot = graph(policy, { clock });
    const sink = collect(100);
    bot
      .from(ticking(50))
      .with({ link: { policy, capacity: { frames: 4 } } })
      .to(sink);
    const done = bot.run();
    await clock.run({ until: done });
    await done;
    return { numbers: sink.frames.map(numberOf), frames: sink.frames, link: bot.inspect().links[0]! };
  };

  it.each(['drop-oldest', 'drop-newest', 'latest'] as const)(
    '%s loses frames, counts them and leaves gaps',
    async (policy) => {
      const { numbers: got, frames, link } = await overrun(policy);
      expect(link.droppedFrames).toBe(50 - got.length);
      expect(link.droppedMs).toBe((50 - got.length) * 20);
      expect([...got].sort((a, b) => a - b)).toEqual(got);
      for (const [index, frame] of frames.entries()) {
        const missing = numberOf(frame) - (index === 0 ? 0 : numberOf(frames[index - 1]!) + 1);
        expect(frame.gap?.duration ?? 0, `before frame ${numberOf(frame)}`).toBe(missing * 20_000);
      }
    },
  );

  it('keeps the newest with drop-oldest and latest, the oldest with drop-newest', async () => {
    expect((await overrun('drop-oldest')).numbers.at(-1)).toBe(49);
    expect((await overrun('latest')).numbers.at(-1)).toBe(49);
    expect((await overrun('drop-newest')).numbers.slice(0, 5)).toEqual(range(5));
  });

  it('bounds a live source to 200 ms unless told otherwise', async () => {
    const clock = new VirtualClock();
    const bot = graph('live', { clock });
    bot.from(ticking()).to(collect(1_000_000));
    const done = bot.run();
    done.catch(() => {});
    await clock.advance(5_000);
    const link = bot.inspect().links[0]!;
    expect(link.policy).toBe('drop-oldest');
    expect(link.depthMs).toBe(200);
    expect(link.droppedFrames).toBeGreaterThan(200);
    expect(bot.inspect().problems.join('\n')).toContain('dropped');
    bot.abort();
  });

  it('does behind a live source what the source says, unless told otherwise', async () => {
    const newest = pushSource<AudioFrame>({ name: 'newest', overflow: 'latest' }, () => () => {});
    const bot = graph('live');
    bot.from(newest).to(collect());
    bot
      .from(newest)
      .with({ link: { policy: 'drop-newest' } })
      .to(collect());
    expect(bot.inspect().links.map(({ policy }) => policy)).toEqual(['latest', 'drop-newest']);
  });

  it('fails with the policy error, naming the link', async () => {
    const clock = new VirtualClock();
    const bot = graph('strict', { clock });
    bot
      .from(ticking())
      .with({ link: { policy: 'error', capacity: { ms: 100 } } })
      .to(collect(10_000));
    const done = bot.run();
    done.catch(() => {});
    await clock.advance(500);
    await expect(done).rejects.toMatchObject({ code: 'SLUICE_LINK_OVERFLOW' });
  });

  it('cannot make a live source wait, and says so when it is built', () => {
    const flow = graph('live').from(ticking());
    expect(() => flow.with({ link: { policy: 'block' } }).to(collect())).toThrow(
      expect.objectContaining({ code: 'SLUICE_GRAPH_INVALID' }),
    );
  });

  it('refuses what is no source, and says what the output of a node is', () => {
    expect(() => graph('g').from({ out: {} } as never)).toThrow(/source is not valid.*a flow already.*node\.out\.out/);
  });

  it('refuses nonsense for policy and capacity at once', () => {
    const flow = graph('bad').from(numbers(1));
    expect(() => flow.with({ link: { policy: 'sometimes' as never } }).to(collect())).toThrow(TypeError);
    expect(() => flow.with({ link: { capacity: { frames: 0 } } }).to(collect())).toThrow(RangeError);
    expect(() => flow.with({ link: { capacity: {} } }).to(collect())).toThrow(TypeError);
  });
});
