import { concatMap, from, mergeMap } from 'rxjs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type AudioFrame,
  audioPort,
  defineNode,
  type Emission,
  type Frame,
  framePort,
  graph,
  type NodeContext,
  pushSource,
  sleep,
} from '../src/index.ts';
import { trackFrames, VirtualClock } from '../src/testing/index.ts';
import { collect, numbered, numberOf, numbers, range } from './graph-fixtures.ts';

const ports = { inputs: { in: audioPort({}) }, outputs: { out: audioPort({}) } };
type Outputs = typeof ports.outputs;
type Speaks = (frame: AudioFrame, context: NodeContext<Outputs>) => ReturnType<NonNullable<Handlers['onFrame']>>;
type Handlers = ReturnType<Parameters<typeof defineNode<object, typeof ports.inputs, Outputs>>[0]['create']>;

/** A node whose one handler is given. */
const speaker = (speak: Speaks, more: (context: NodeContext<Outputs>) => Handlers = () => ({})) =>
  defineNode({
    name: 'speak',
    ...ports,
    create: (_options: object, context) => ({ onFrame: (_port, frame) => speak(frame, context), ...more(context) }),
  })();

/** `inputs` frames through the node to a sink that takes a millisecond for each. */
function speech(node: ReturnType<typeof speaker>, inputs = 1) {
  const clock = new VirtualClock();
  const bot = graph('speech', { clock });
  const sink = collect(1);
  const handle = bot.add(node);
  bot.from(numbers(inputs)).to(handle.in.in);
  handle.out.out.to(sink);
  const deepest = () => Math.max(...bot.inspect().links.map(({ maxDepth }) => maxDepth));
  const run = async () => {
    const done = bot.run();
    await clock.run({ until: done, limitMs: 600_000 });
    await done;
    return sink.frames.map(numberOf);
  };
  return { bot, clock, sink, handle, run, deepest };
}

describe('one frame that becomes many', () => {
  it('is refused where it is emitted without waiting: one frame may pass the capacity, no more', async () => {
    let emitted = 0;
    const leaks = trackFrames();
    const { run, bot, deepest } = speech(
      speaker((frame, context) => {
        frame.close();
        for (const index of range(90_000)) {
          context.emit('out', numbered(index));
          emitted++;
        }
      }),
    );
    await expect(run()).rejects.toMatchObject({ code: 'SLUICE_NODE_OVERFLOW', nodeId: 'speak' });
    // One is with the sink, 16 wait, one passed.
    expect(emitted).toBe(1 + 16 + 1);
    expect(deepest()).toBe(16);
    expect(bot.inspect().nodes.find(({ id }) => id === 'speak')?.lastError).toMatch(/send|iterable/);
    leaks.assertNone();
    leaks.stop();
  });

  it('is refused just so behind an await', async () => {
    const { run } = speech(
      speaker(async (frame, context) => {
        frame.close();
        await Promise.resolve();
        for (const index of range(90_000)) context.emit('out', numbered(index));
      }),
    );
    await expect(run()).rejects.toMatchObject({ code: 'SLUICE_NODE_OVERFLOW' });
  });

  it('is the fault of the node, not of the process, where a timer emits it', async () => {
    const { run } = speech(
      speaker(
        (frame, { clock, emit }) => {
          frame.close();
          clock.at(clock.now() + 1, () => {
            for (const index of range(100)) emit('out', numbered(index));
          });
        },
        ({ clock }) => ({ onDrain: () => sleep(clock, 10) }),
      ),
    );
    await expect(run()).rejects.toMatchObject({ code: 'SLUICE_NODE_OVERFLOW', nodeId: 'speak' });
  });

  it('may pass a full link once, so that a frame may become two', async () => {
    const { run, deepest } = speech(
      speaker((frame, context) => {
        context.emit('out', frame.derive({}));
        context.emit('out', frame);
      }),
      100,
    );
    expect(await run()).toEqual(range(100).flatMap((index) => [index, index]));
    expect(deepest()).toBe(16);
  });

  it('waits with send, which gives a promise only while there is no room', async () => {
    const promised: number[] = [];
    const { run, deepest } = speech(
      speaker(async (frame, context) => {
        frame.close();
        for (const index of range(3_000)) {
          const wait = context.send('out', numbered(index));
          if (wait !== undefined) promised.push(index);
          await wait;
        }
      }),
      2,
    );
    expect(await run()).toEqual([...range(3_000), ...range(3_000)]);
    expect(deepest()).toBe(16);
    expect(promised[0]).toBe(17);
  });

  it('is bounded where the promises of send are not waited for', async () => {
    const { run } = speech(
      speaker((frame, context) => {
        frame.close();
        for (const index of range(90_000)) void context.send('out', numbered(index));
      }),
    );
    await expect(run()).rejects.toMatchObject({
      code: 'SLUICE_NODE_OVERFLOW',
      message: expect.stringContaining('1500'),
    });
  });

  it('may wait for room inside a handler', async () => {
    const { run, deepest } = speech(
      speaker(async (frame, context) => {
        frame.close();
        for (const index of range(500)) {
          if (!context.hasRoom) await new Promise<void>((resolve) => void context.whenRoom(resolve));
          context.emit('out', numbered(index));
        }
      }),
      2,
    );
    expect(await run()).toEqual([...range(500), ...range(500)]);
    expect(deepest()).toBe(16);
  });

  it('is taken from an iterable as there is room, also an endless one and one that waits', async () => {
    const generator = function* (frame: AudioFrame): Generator<Emission<Outputs>> {
      frame.close();
      for (let index = 0; index < 90_000; index++) yield ['out', numbered(index % 30_000)];
    };
    const sync = speech(speaker(generator));
    expect((await sync.run()).length).toBe(90_000);
    expect(sync.deepest()).toBe(16);
    const asynchronous = speech(
      speaker(async function* (frame): AsyncGenerator<Emission<Outputs>> {
        frame.close();
        for (const index of range(300)) {
          if (index % 7 === 0) await Promise.resolve();
          yield ['out', numbered(index)];
        }
      }),
      2,
    );
    expect(await asynchronous.run()).toEqual([...range(300), ...range(300)]);
    const list = speech(
      speaker((frame) => [['out', frame.derive({})] as const, ['out', frame] as const]),
      3,
    );
    expect(await list.run()).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('may come at the drain, as an iterable too', async () => {
    const { run } = speech(
      speaker(
        (frame) => frame.close(),
        () => ({
          *onDrain(): Generator<Emission<Outputs>> {
            for (const index of range(100)) yield ['out', numbered(index)];
          },
        }),
      ),
    );
    expect(await run()).toEqual(range(100));
  });

  it('fails the node when the iterable throws, or gives what is no frame for a port', async () => {
    const broken = speech(
      speaker(function* (frame): Generator<Emission<Outputs>> {
        frame.close();
        yield ['out', numbered(0)];
        throw new Error('no voice');
      }),
    );
    await expect(broken.run()).rejects.toMatchObject({ code: 'SLUICE_NODE_FAILED', nodeId: 'speak' });
    const strange = speech(speaker((frame) => [frame] as never));
    await expect(strange.run()).rejects.toThrow(/\[port, frame\]/);
    const lost = speech(speaker((frame) => [['ouch', frame]] as never));
    await expect(lost.run()).rejects.toMatchObject({ code: 'SLUICE_LINK_INVALID', nodeId: 'speak' });
  });
});

describe('an interruption', () => {
  it('ends an iterable by return() and asks it for nothing more', async () => {
    const log: string[] = [];
    const leaks = trackFrames();
    const { bot, clock, sink } = speech(
      speaker(async function* (frame): AsyncGenerator<Emission<Outputs>> {
        const from = numberOf(frame) * 1_000;
        frame.close();
        try {
          for (const index of range(1_000)) yield ['out', numbered(from + index)];
          log.push(`${from} said`);
        } finally {
          log.push(`${from} over`);
        }
      }),
      2,
    );
    const done = bot.run();
    await clock.advance(50);
    await bot.interrupt();
    await clock.run({ until: done });
    await done;
    // The other utterance waited in a link, and is as void.
    expect(log).toEqual(['0 over']);
    expect(sink.frames.length).toBeLessThan(60);
    leaks.assertNone();
    leaks.stop();
  });

  it('resolves a send at once, its frame closed and counted', async () => {
    let settled: number | undefined;
    const leaks = trackFrames();
    const node = speaker(async (frame, context) => {
      frame.close();
      for (const index of range(18)) {
        const wait = context.send('out', numbered(index));
        await wait;
        if (wait !== undefined) settled = index;
      }
    });
    const clock = new VirtualClock();
    const bot = graph('speech', { clock });
    const handle = bot.add(node);
    const sink = collect(100_000);
    bot.from(numbers(1)).to(handle.in.in);
    handle.out.out.to(sink);
    const done = bot.run();
    await clock.advance(50);
    expect(settled).toBe(undefined);
    expect(bot.inspect().nodes.find(({ id }) => id === 'speak')?.held).toBe(2);
    const { droppedMs } = await bot.interrupt();
    await clock.settle();
    expect(settled).toBe(17);
    // 16 on the link and the one that was sent; the sink counts its own.
    expect(droppedMs).toBe(17 * 20);
    await clock.run({ until: done });
    await done;
    leaks.assertNone();
    leaks.stop();
  });
});

describe('what an operator makes of one frame', () => {
  it.each([
    ['concatMap', concatMap(() => from(range(1_000).map((index) => numbered(index))))],
    ['mergeMap', mergeMap(() => from(range(1_000).map((index) => numbered(index))))],
  ])('never passes the capacity of a link: %s', async (_name, operator) => {
    const clock = new VirtualClock();
    const bot = graph('burst', { clock });
    const sink = collect(1);
    bot.from(numbers(3)).pipe(operator).to(sink);
    const done = bot.run();
    await clock.run({ until: done });
    await done;
    expect(sink.frames.map(numberOf)).toEqual([...range(1_000), ...range(1_000), ...range(1_000)]);
    for (const { maxDepth } of bot.inspect().links) expect(maxDepth).toBeLessThanOrEqual(16);
  });

  it('is an error that names it beyond 1,500 frames', async () => {
    const clock = new VirtualClock();
    const bot = graph('burst', { clock });
    bot
      .from(numbers(2))
      .pipe(concatMap(() => from(range(3_000).map((index) => numbered(index)))))
      .to(collect(1));
    const done = bot.run();
    await expect(done).rejects.toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW', nodeId: 'operator' });
    await expect(done).rejects.toThrow(/1500 frames or 64 MiB/);
  });

  it('is an error beyond 64 MiB, where frames share no memory', async () => {
    const text = (bytes: Uint8Array, index: number): Frame =>
      ({ kind: 'blob', timestamp: index, data: bytes }) as unknown as Frame;
    const burst = (make: (index: number) => Frame) => {
      const bot = graph('bytes', { clock: new VirtualClock() });
      const source = pushSource<Frame>({ name: 'blobs', live: false }, (destination) => {
        for (const index of range(40)) destination.next(make(index));
        destination.complete();
        return () => {};
      });
      bot.from(source).to(collect<Frame>(1));
      return bot;
    };
    const own = burst((index) => text(new Uint8Array(4 * 2 ** 20), index)).run();
    await expect(own).rejects.toMatchObject({ code: 'SLUICE_CHAIN_OVERFLOW', nodeId: 'blobs' });
    const shared = new Uint8Array(4 * 2 ** 20);
    const bot = burst((index) => text(shared, index));
    await bot.start();
    expect(bot.status).toBe('running');
    bot.abort();
  });
});

describe('types', () => {
  it('knows the ports and frames of an iterable', () => {
    interface Text extends Frame {
      readonly kind: 'text';
    }
    type Both = { readonly sound: ReturnType<typeof audioPort>; readonly text: ReturnType<typeof framePort<Text>> };
    expectTypeOf<Emission<Both>>().toEqualTypeOf<readonly ['sound', AudioFrame] | readonly ['text', Text]>();
    defineNode({
      name: 'typed',
      inputs: { in: audioPort() },
      outputs: { sound: audioPort(), text: framePort<Text>('text') },
      create: () => ({
        *onFrame(_port, frame) {
          yield ['sound', frame];
        },
      }),
    });
    defineNode({
      name: 'wrong',
      inputs: { in: audioPort() },
      outputs: { text: framePort<Text>('text') },
      create: () => ({
        // @ts-expect-error audio does not leave a port for text
        *onFrame(_port, frame) {
          yield ['text', frame];
        },
      }),
    });
  });
});
