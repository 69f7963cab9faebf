import { concatWith, NEVER, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type AudioFrame, audioPort, createOperator, defineNode, type Graph, graph, sleep } from '../src/index.ts';
import { VirtualClock } from '../src/testing/index.ts';
import { collect, numberOf, numbers, range } from './graph-fixtures.ts';

/** Adds up frames of both inputs, one of each at a time, and keeps no more than four of either. */
const pair = defineNode({
  name: 'pair',
  inputs: { direct: audioPort(), kept: audioPort() },
  outputs: { out: audioPort() },
  create: (_options: object, context) => {
    const queues = { direct: [] as AudioFrame[], kept: [] as AudioFrame[] };
    return {
      accepts: (port) => queues[port as 'direct'].length < 4,
      onFrame: (port, frame) => {
        queues[port].push(frame);
        if (queues.direct.length === 0 || queues.kept.length === 0) return;
        queues.kept.shift()!.close();
        context.emit('out', queues.direct.shift()!);
      },
    };
  },
});

/** Keeps so many frames back. */
const keep = (count: number) =>
  createOperator<AudioFrame, AudioFrame>({ name: 'keep' }, (destination) => {
    const kept: AudioFrame[] = [];
    return {
      next: (frame) => {
        if (kept.push(frame) > count) destination.next(kept.shift()!);
      },
      complete: () => {
        for (const frame of kept.splice(0)) destination.next(frame);
        destination.complete();
      },
    };
  });

/** Passes on what enters either input. */
const merge = defineNode({
  name: 'merge',
  inputs: { in: audioPort(), loop: audioPort() },
  outputs: { out: audioPort() },
  create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('out', frame) }),
});

const deaf = () =>
  createOperator<AudioFrame, AudioFrame>({ name: 'deaf' }, (destination) => ({
    next: (frame) => destination.next(frame),
    complete: () => {},
  }));

/** Runs to the error; what `inspect()` said after four seconds is there too. */
async function standing(build: (bot: Graph) => void) {
  const clock = new VirtualClock();
  const bot = graph('still', { clock });
  build(bot);
  const done = bot.run();
  const failed = done.then(
    () => undefined,
    (error: unknown) => error as { code: string; nodeId: string; message: string },
  );
  await clock.advance(4_000);
  const { problems } = bot.inspect();
  await clock.run({ until: failed, limitMs: 60_000 });
  return { problems: problems.join('\n'), error: await failed, at: clock.now() };
}

const join = (count: number) => (bot: Graph) => {
  const node = bot.add(pair());
  const source = bot.from(numbers(200));
  source.to(node.in.direct);
  source.pipe(keep(count)).to(node.in.kept);
  node.out.out.to(collect());
};

describe('a graph that stands still', () => {
  it('names the join, the links and what helps, as a problem within seconds and as an error at the deadline', async () => {
    const { problems, error, at } = await standing(join(60));
    for (const text of [problems, error!.message]) {
      expect(text).toMatch(/`numbers` waits for room on `numbers->pair\.direct`/);
      expect(text).toMatch(/`pair` takes nothing more from `direct` until `kept` \(from `keep`\)/);
      expect(text).toMatch(/capacity: \{ frames \}/);
    }
    expect(error).toMatchObject({ code: 'SLUICE_GRAPH_STALLED', nodeId: 'pair' });
    expect(at).toBeGreaterThanOrEqual(10_000);
    expect(at).toBeLessThan(13_000);
  });

  it('goes on where the capacities are large enough', async () => {
    const { problems, error } = await standing(join(15));
    expect(error).toBe(undefined);
    expect(problems).toBe('');
  });

  it('names who keeps the end to himself', async () => {
    const operator = await standing((bot) => bot.from(numbers(3)).pipe(deaf()).to(collect()));
    expect(operator.problems).toMatch(/`deaf` was told the end of what enters it/);
    expect(operator.error).toMatchObject({ code: 'SLUICE_GRAPH_STALLED', nodeId: 'deaf' });
    const foreign = await standing((bot) =>
      bot.from(numbers(3)).pipe(concatWith<AudioFrame, AudioFrame[]>(NEVER)).to(collect()),
    );
    expect(foreign.error).toMatchObject({ code: 'SLUICE_GRAPH_STALLED', nodeId: 'operator' });
    const never = defineNode({
      name: 'never',
      inputs: { in: audioPort() },
      outputs: {},
      create: () => ({ onFrame: (_port, frame) => frame.close(), onDrain: () => new Promise<void>(() => {}) }),
    });
    const node = await standing((bot) => bot.from(numbers(3)).to(bot.add(never()).in.in));
    expect(node.error).toMatchObject({ code: 'SLUICE_GRAPH_STALLED', nodeId: 'never' });
  });

  it('names a circle, whether it is full or never ends', async () => {
    const circle = (count: number, twice: boolean) => (bot: Graph) => {
      const node = bot.add(merge());
      bot.from(numbers(count)).to(node.in.in);
      const dropped = createOperator<AudioFrame, AudioFrame>({ name: 'again' }, (destination) => ({
        next: (frame) => {
          if (!twice) return frame.close();
          destination.next(frame.clone());
          destination.next(frame);
        },
      }));
      node.out.out.pipe(dropped).to(node.in.loop);
      node.out.out.to(collect());
    };
    const full = await standing(circle(50, true));
    expect(full.problems).toMatch(/in a circle, whose links are full: `/);
    expect(full.error).toMatchObject({ code: 'SLUICE_GRAPH_STALLED' });
    const endless = await standing(circle(3, false));
    expect(endless.problems).toMatch(/`merge`, `again`.*in a circle: none has a frame/);
    expect(endless.error).toMatchObject({ code: 'SLUICE_GRAPH_STALLED' });
  });

  it('is judged by the supervision of who is in the way', async () => {
    const clock = new VirtualClock();
    const bot = graph('still', { clock, deadlines: { stallMs: 2_000 } });
    const sink = collect();
    bot.from(numbers(3)).with({ onError: 'stop' }).pipe(deaf()).to(sink);
    const done = bot.run();
    await clock.run({ until: done, limitMs: 10_000 });
    await done;
    expect(sink.frames.map(numberOf)).toEqual(range(3));
  });

  it('may stand for ever if it is told to, and stays a problem', async () => {
    const clock = new VirtualClock();
    const bot = graph('still', { clock, deadlines: { stallMs: Number.POSITIVE_INFINITY } });
    bot.from(numbers(3)).pipe(deaf()).to(collect());
    const done = bot.run();
    await clock.advance(100_000);
    expect(bot.status).toBe('running');
    expect(bot.inspect().problems.join()).toContain('`deaf`');
    expect(clock.timers).toBe(0);
    bot.abort();
    await done.catch(() => {});
  });
});

describe('a graph that only waits', () => {
  const stillRuns = async (build: (bot: Graph, clock: VirtualClock) => void) => {
    const clock = new VirtualClock();
    const bot = graph('waits', { clock });
    build(bot, clock);
    const done = bot.run();
    done.catch(() => {});
    await clock.advance(60_000);
    const { problems } = bot.inspect();
    expect(bot.status).toBe('running');
    bot.abort();
    return problems;
  };

  it('is left alone: a silent source, a slow sink, a closed gate, work under way', async () => {
    const silent = await stillRuns((bot) => bot.from(new Subject<AudioFrame>()).pipe(keep(1)).to(collect()));
    const slow = await stillRuns((bot) => bot.from(numbers(3)).to(collect(50_000)));
    const gate = defineNode({
      name: 'gate',
      inputs: { in: audioPort() },
      outputs: { out: audioPort() },
      create: (_options: object, context) => ({
        accepts: () => false,
        onFrame: (_port, frame) => context.emit('out', frame),
      }),
    });
    const closed = await stillRuns((bot) => {
      const node = bot.add(gate());
      bot.from(numbers(100)).to(node.in.in);
      node.out.out.to(collect());
    });
    const works = defineNode({
      name: 'works',
      inputs: { in: audioPort() },
      outputs: { out: audioPort() },
      create: (_options: object, context) => ({
        async onFrame(_port, frame) {
          await sleep(context.clock, 50_000);
          frame.close();
        },
        async onDrain() {
          const release = context.keepAlive('the summary');
          await sleep(context.clock, 50_000);
          release();
        },
      }),
    });
    const work = await stillRuns((bot) => bot.from(numbers(1)).to(bot.add(works()).in.in));
    const stopped = defineNode({
      name: 'stopped',
      inputs: { in: audioPort() },
      outputs: {},
      create: () => ({
        onFrame: (_port, frame) => frame.close(),
        onDrain: () => new Promise<void>(() => {}),
        onStop: () => {},
      }),
    });
    const stop = await stillRuns((bot) => bot.from(numbers(1)).to(bot.add(stopped()).in.in));
    expect([...silent, ...slow, ...work, ...stop]).toEqual([]);
    expect(closed.join()).not.toContain('stands still');
  });
});
