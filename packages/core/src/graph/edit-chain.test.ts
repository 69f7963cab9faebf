import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collect, numberOf, numbers, range, ticking } from '../../test/graph-fixtures.ts';
import {
  type AudioFrame,
  audioPort,
  createOperator,
  createSink,
  defineNode,
  type Flow,
  graph,
  type LinkRef,
} from '../index.ts';
import { VirtualClock } from '../testing/index.ts';

const add = (amount: number) =>
  map((frame: AudioFrame) => {
    const derived = frame.derive({ samples: frame.samples.map((sample) => sample + amount) });
    frame.close();
    return derived;
  });

/** Keeps so many frames, and lets go of them at the end. */
const keep = (count: number) =>
  createOperator<AudioFrame, AudioFrame>({ name: 'keep', maxHeld: count + 1, latencyMs: count * 20 }, (destination) => {
    const kept: AudioFrame[] = [];
    return {
      next(frame) {
        kept.push(frame);
        if (kept.length > count) destination.next(kept.shift()!);
      },
      complete() {
        for (const frame of kept.splice(0)) destination.next(frame);
        destination.complete();
      },
      teardown() {
        for (const frame of kept) frame.close();
      },
    };
  });

const plus = defineNode({
  name: 'plus',
  inputs: { in: audioPort() },
  outputs: { out: audioPort() },
  create: (_options: object, context) => ({
    onFrame(_port, frame) {
      context.emit('out', frame.derive({ samples: frame.samples.map((sample) => sample + 5_000) }));
      frame.close();
    },
  }),
});

const numbersOf = (frames: readonly AudioFrame[]) => frames.map((frame) => numberOf(frame) % 1_000);

describe('a running chain', () => {
  it.each([
    ['live, the receiver fast', () => ticking(300), 0, 300],
    ['live, the receiver slow', () => ticking(300), 25, 300],
    ['a file, the receiver slow', () => numbers(900), 25, 900],
  ])(
    'takes a node in and gives it away without a frame lost, doubled or out of order: %s',
    async (_what, from, delay, count) => {
      const clock = new VirtualClock();
      const bot = graph('surgery', { clock });
      const [sink, other] = [collect(delay), collect(0, 'other')];
      const flow = bot.from(from());
      const target = flow.with({ link: { capacity: { frames: 100 } } }).to(sink);
      flow.to(other);
      const done = bot.run();
      await clock.advance(400);
      await bot.change((edit) => void edit.insert(target.link, add(1_000), { name: 'louder' }));
      await clock.advance(400);
      await bot.change((edit) => void edit.insert('louder->collect', plus(), { name: 'node' }));
      await clock.advance(200);
      await bot.change((edit) => edit.takeOut('louder'));
      await clock.advance(200);
      await bot.change((edit) => edit.takeOut('node'));
      await clock.run({ until: done });
      expect(numbersOf(sink.frames)).toEqual(range(count));
      expect(other.frames.map(numberOf)).toEqual(range(count));
      const stages = sink.frames.map((frame) => Math.floor(numberOf(frame) / 1_000));
      expect(stages.filter((stage, index) => stage !== stages[index - 1])).toEqual([0, 1, 6, 5, 0]);
      expect(bot.inspect().links.map(({ droppedFrames }) => droppedFrames)).toEqual(bot.inspect().links.map(() => 0));
    },
  );

  it('lets a node that is taken out finish what it holds before the others send', async () => {
    const clock = new VirtualClock();
    const bot = graph('held', { clock });
    const sink = collect();
    const kept = bot.from(ticking(60)).pipe(keep(12));
    kept.to(sink);
    const done = bot.run();
    await clock.advance(600);
    expect(sink.frames.length).toBe(19);
    await bot.change((edit) => edit.takeOut(kept.node));
    expect(sink.frames.map(numberOf)).toEqual(range(31));
    await clock.run({ until: done });
    expect(sink.frames.map(numberOf)).toEqual(range(60));
    expect(bot.inspect().nodes.map(({ id }) => id)).toContain('collect');
  });

  it('goes on with the conversion on the link as if nothing had happened', async () => {
    const heard = async (operate: boolean) => {
      const clock = new VirtualClock();
      const bot = graph('converted', { clock });
      const samples: number[] = [];
      const sink = createSink<AudioFrame>({
        name: 'ear',
        accepts: { kind: 'audio', sampleRate: 48_000 },
        open: () => ({
          write: (frame) => {
            samples.push(...frame.samples);
            frame.close();
          },
          end() {},
        }),
      });
      const { link } = bot.from(ticking(50)).to(sink);
      const done = bot.run();
      await clock.advance(310);
      if (operate)
        await bot.change(
          (edit) =>
            void edit.insert(
              link,
              map((frame: AudioFrame) => frame),
              { name: 'x' },
            ),
        );
      await clock.advance(310);
      if (operate) await bot.change((edit) => edit.takeOut('x'));
      await clock.run({ until: done });
      return samples;
    };
    const plain = await heard(false);
    expect(plain.length).toBe(48_000);
    expect(await heard(true)).toEqual(plain);
  });

  it('is as it was when what was put in cannot be made', async () => {
    const clock = new VirtualClock();
    const bot = graph('refused', { clock });
    const sink = collect();
    const { link } = bot.from(ticking(50)).to(sink);
    const done = bot.run();
    await clock.advance(300);
    const broken = () => {
      throw new Error('not today');
    };
    await expect(bot.change((edit) => void edit.insert(link, broken))).rejects.toMatchObject({
      code: 'SLUICE_NODE_FAILED',
      cause: { message: 'not today' },
    });
    await clock.run({ until: done });
    expect(sink.frames.map(numberOf)).toEqual(range(50));
  });

  it('says what cannot stand in a chain', async () => {
    const clock = new VirtualClock();
    const bot = graph('ends', { clock });
    const sink = bot.from(ticking(), { name: 'mic' }).to(collect());
    await bot.start();
    for (const node of ['mic', sink])
      await expect(bot.change((edit) => edit.takeOut(node))).rejects.toMatchObject({ code: 'SLUICE_GRAPH_INVALID' });
    await expect(bot.change((edit) => void edit.insert('nowhere', add(1)))).rejects.toThrow(/one of mic->collect/);
    bot.abort();
  });
});

describe('references', () => {
  it('are given by pipe and to, and taken as the ids that inspect shows', async () => {
    const clock = new VirtualClock();
    const bot = graph('refs', { clock });
    const [first, second, third] = [collect(0, 'first'), collect(0, 'second'), collect(0, 'third')];
    const piped = bot.from(ticking(), { name: 'mic' }).pipe(add(0));
    const ended = piped.to(first);
    const links: LinkRef[] = [piped.link, ended.link];
    expect(links.map(({ id }) => id)).toEqual(bot.inspect().links.map(({ id }) => id));
    await bot.start();
    await bot.change((edit) => void edit.follow<AudioFrame>('mic').to(second));
    await bot.change((edit) => void edit.follow<AudioFrame>(ended.link.id.split('->')[0]!).to(third));
    await clock.advance(100);
    await bot.change((edit) => edit.unlink(bot.inspect().links.find(({ to }) => to === 'second')!.id));
    await bot.change((edit) => edit.remove('third'));
    const count = second.frames.length;
    await clock.advance(100);
    expect([second.frames.length, (await third.finished).length]).toEqual([count, count]);
    const { epoch } = await bot.interrupt({ scope: 'first' });
    expect(epoch).toBe(2);
    expect((await bot.interrupt({ scope: ['mic', ended] })).epoch).toBe(3);
    await expect(bot.interrupt({ scope: 'nobody' })).rejects.toThrow(/one of mic, operator|one of mic, map/);
    await expect(bot.change((edit) => edit.remove('nobody'))).rejects.toThrow(/there is no node nobody/);
    await expect(bot.change((edit) => void edit.follow('first'))).rejects.toThrow(/a node of one output/);
    bot.abort();
  });
});

describe('an empty graph', () => {
  it('starts and waits, for one branch after another, until it is stopped', async () => {
    const clock = new VirtualClock();
    const bot = graph('empty', { clock });
    let over = false;
    const done = bot.run().then(() => {
      over = true;
    });
    await clock.advance(1_000);
    for (const _ of [1, 2]) {
      const sink = collect();
      await bot.change((edit) => void (edit.from(ticking(10)) as Flow<AudioFrame>).to(sink));
      await clock.advance(400);
      expect((await sink.finished).length).toBe(10);
      expect([bot.status, over]).toEqual(['running', false]);
    }
    await bot.stop();
    await done;
    expect([bot.status, over]).toEqual(['stopped', true]);
  });
});
