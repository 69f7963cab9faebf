import { map, NEVER, Observable } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  type AudioFrame,
  audioPort,
  createOperator,
  createSink,
  defineNode,
  graph,
  type NodeMessage,
  nodeChannel,
  pullSource,
} from '../src/index.ts';
import { VirtualClock } from '../src/testing/index.ts';
import { type Collector, collect, numberOf, numbers, range, ticking } from './graph-fixtures.ts';

const failAt = (...at: number[]) =>
  map((frame: AudioFrame) => {
    if (at.includes(numberOf(frame))) throw new Error(`no ${numberOf(frame)}`);
    return frame;
  });

async function runVirtual(bot: ReturnType<typeof graph>, clock: VirtualClock): Promise<unknown> {
  const done = bot.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  await clock.run({ until: done });
  return done;
}

describe('failure', () => {
  it('escalates by default: run rejects with the node and the cause', async () => {
    const bot = graph('fail');
    const sink = collect();
    bot.from(numbers(10)).with({ name: 'shaky' }).pipe(failAt(3)).to(sink);
    await expect(bot.run()).rejects.toMatchObject({
      code: 'SLUICE_NODE_FAILED',
      nodeId: 'shaky',
      cause: expect.objectContaining({ message: 'no 3' }),
    });
    expect(bot.status).toBe('failed');
    await expect(sink.finished).rejects.toThrow('no 3');
  });

  it('resume loses the frame, counts it and goes on', async () => {
    const bot = graph('resume');
    const sink = collect();
    bot.from(numbers(10)).with({ onError: 'resume' }).pipe(failAt(3, 4)).to(sink);
    await bot.run();
    expect(sink.frames.map(numberOf)).toEqual([0, 1, 2, 5, 6, 7, 8, 9]);
    expect(bot.inspect().nodes[1]).toMatchObject({ errors: 2, state: 'ended' });
    expect(bot.inspect().problems.join()).toContain('no 4');
  });

  it('restart waits, starts anew, and keeps what waits meanwhile', async () => {
    const clock = new VirtualClock();
    const bot = graph('restart', { clock, random: () => 0 });
    const sink = collect();
    bot.from(numbers(10)).with({ name: 'shaky', onError: 'restart' }).pipe(failAt(3)).to(sink);
    expect(await runVirtual(bot, clock)).toBeUndefined();
    expect(sink.frames.map(numberOf)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
    expect(clock.now()).toBe(25);
    expect(bot.inspect().nodes[1]!.restarts).toBe(1);
  });

  it('marks what a live source lost during a restart as a gap with its cause', async () => {
    const clock = new VirtualClock();
    const bot = graph('crash', { clock, random: () => 1 });
    const sink = collect();
    bot
      .from(ticking(60))
      .with({ onError: 'restart', restart: { backoffMs: 500 }, link: { capacity: { ms: 100 } } })
      .pipe(failAt(10))
      .to(sink);
    expect(await runVirtual(bot, clock)).toBeUndefined();
    const gap = sink.frames.find((frame) => frame.gap !== undefined)!;
    expect(gap.gap!.reason).toBe('crash');
    expect(gap.gap!.duration).toBe((numberOf(gap) - 11) * 20_000);
  });

  it('gives up when the budget is spent, and pays it back by time', async () => {
    const clock = new VirtualClock();
    const always = map((): AudioFrame => {
      throw new Error('never works');
    });
    const bot = graph('budget', { clock });
    bot
      .from(numbers(10))
      .with({ name: 'hopeless', onError: 'restart', restart: { max: 2 } })
      .pipe(always)
      .to(collect());
    expect(await runVirtual(bot, clock)).toMatchObject({ code: 'SLUICE_RESTART_BUDGET', nodeId: 'hopeless' });
    expect(bot.inspect().nodes[1]!.restarts).toBe(2);

    const patient = graph('patient', { clock, random: () => 0 });
    const sink = collect();
    patient
      .from(ticking(40))
      .with({ onError: 'restart', restart: { max: 1, withinMs: 100 } })
      .pipe(failAt(5, 15, 25))
      .to(sink);
    expect(await runVirtual(patient, clock)).toBeUndefined();
    expect(sink.frames).toHaveLength(37);
  });

  it('stop ends the node and, in order, what follows; neighbours go on', async () => {
    const bot = graph('stop');
    const broken = collect();
    const whole = collect();
    const flow = bot.from(numbers(20));
    flow.with({ onError: 'stop' }).pipe(failAt(5)).to(broken);
    flow.to(whole);
    await bot.run();
    expect(broken.frames.map(numberOf)).toEqual(range(5));
    expect(whole.frames.map(numberOf)).toEqual(range(20));
  });

  it('restarts a group together', async () => {
    const clock = new VirtualClock();
    const bot = graph('group', { clock });
    const opened = vi.fn();
    const sink = collect();
    bot.group(
      'pair',
      (scope) => {
        scope
          .follow(bot.from(numbers(10)))
          .with({ name: 'first' })
          .pipe(
            (source) =>
              new Observable<AudioFrame>((destination) => {
                opened();
                return source.subscribe(destination);
              }),
          )
          .with({ name: 'second' })
          .pipe(failAt(4))
          .to(sink);
      },
      { onError: 'restart' },
    );
    expect(await runVirtual(bot, clock)).toBeUndefined();
    expect(opened).toHaveBeenCalledTimes(2);
    // The sink is in the group as well; it cannot be made anew, did not fail, and goes on.
    expect(sink.frames.map(numberOf)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
  });

  it('refuses to restart a sink that cannot be made again', () => {
    const flow = graph('sink').from(numbers(1));
    expect(() => flow.with({ onError: 'restart' }).to(collect())).toThrow(
      expect.objectContaining({ code: 'SLUICE_GRAPH_INVALID' }),
    );
  });

  it('makes a sink anew from a factory', async () => {
    const clock = new VirtualClock();
    const bot = graph('factory', { clock });
    const sinks: Collector<AudioFrame>[] = [];
    let failures = 0;
    bot
      .from(numbers(10))
      .with({ onError: 'restart' })
      .to(() => {
        const inner = collect();
        sinks.push(inner);
        return createSink<AudioFrame>({
          name: 'flaky',
          open: () => ({
            write: (frame) => {
              if (numberOf(frame) === 5 && failures++ === 0) throw new Error('disk');
              inner.frames.push(frame);
            },
            end: () => {},
          }),
        });
      });
    expect(await runVirtual(bot, clock)).toBeUndefined();
    expect(sinks.flatMap((sink) => sink.frames.map(numberOf))).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9]);
  });

  it('tells diagnostics channels of every change of state', async () => {
    const states: string[] = [];
    const ids = new Set<number>();
    const listen = (message: unknown) => {
      states.push((message as NodeMessage).state);
      ids.add((message as NodeMessage).id);
    };
    nodeChannel.subscribe(listen);
    const bot = graph('told');
    bot.from(numbers(1)).to(collect());
    await bot.run();
    nodeChannel.unsubscribe(listen);
    expect(states).toEqual(['running', 'running', 'ended', 'ended']);
    expect([...ids]).toEqual([bot.id]);
    expect(graph('told').id).not.toBe(bot.id);
  });
});

describe('life', () => {
  it('surfaces a fault of setting up before anything runs', async () => {
    const bot = graph('setup');
    const source = numbers(5);
    bot.from(source).to(
      createSink({
        name: 'locked',
        open: async () => {
          throw new Error('no permission');
        },
      }),
    );
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_NODE_FAILED', nodeId: 'locked' });
    expect(source.reads).toBe(0);
  });

  it('names who does not get ready in time', async () => {
    const bot = graph('slow setup', { deadlines: { setupMs: 20 } });
    const stuck = pullSource<AudioFrame>({ name: 'stuck', prepare: () => new Promise(() => {}) }, () => ({
      read: () => null,
    }));
    bot.from(stuck).to(collect());
    await expect(bot.run()).rejects.toMatchObject({
      code: 'SLUICE_DEADLINE',
      message: expect.stringContaining('stuck'),
    });
  });

  for (const how of ['abort', 'stop', 'signal', 'dispose'] as const)
    it(`ends at once by ${how} while a node is being set up, and gives back what opens later`, async () => {
      // Neither clock moves: whoever waited for the deadline would wait for ever.
      const clock = new VirtualClock();
      const bot = graph('setup', { clock, deadlines: { setupMs: 600_000 } });
      let opened = () => {};
      const closed = vi.fn();
      const door = createSink<AudioFrame>({
        name: 'door',
        open: ({ signal }) =>
          new Promise((resolve) => {
            opened = () => {
              expect(signal.aborted).toBe(true);
              resolve({ write() {}, end() {}, abort: closed });
            };
          }),
      });
      const ready = collect();
      const flow = bot.from(numbers(5));
      flow.to(door);
      flow.to(ready);
      const controller = new AbortController();
      const done = bot.run({ signal: controller.signal });
      const why = how === 'signal' ? { cause: expect.objectContaining({ message: 'enough' }) } : {};
      const refused = expect(done).rejects.toMatchObject({ code: 'SLUICE_ABORTED', ...why });
      await vi.waitFor(() => expect(bot.status).toBe('starting'));
      if (how === 'signal') controller.abort(new Error('enough'));
      else if (how === 'dispose') await bot[Symbol.asyncDispose]();
      else await bot[how]();
      await refused;
      expect(bot.status).toBe('stopped');
      await expect(bot.finished).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
      for (const sink of [door, ready]) await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
      // The clock does not stand still for what nobody waits for.
      await clock.advance(100);
      opened();
      await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
    });

  for (const how of ['abort', 'stop'] as const)
    it(`refuses at once by ${how} what a change is still setting up`, async () => {
      const bot = graph('changing', { deadlines: { setupMs: 600_000 } });
      const flow = bot.from(NEVER as Observable<AudioFrame>);
      flow.to(collect());
      const done = bot.run().catch((error: unknown) => error);
      await vi.waitFor(() => expect(bot.status).toBe('running'));
      const door = createSink<AudioFrame>({ name: 'door', open: () => new Promise<never>(() => {}) });
      const change = bot.change((edit) => edit.follow(flow).to(door));
      const refused = expect(change).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
      await bot[how]();
      await refused;
      await done;
      expect(bot.status).toBe('stopped');
      await expect(door.finished).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
    });

  it('stop() lets everything that was read be finished', async () => {
    const clock = new VirtualClock();
    const bot = graph('drain', { clock });
    const source = numbers(10_000);
    const sink = collect(20);
    bot.from(source).to(sink);
    const done = bot.run();
    await clock.advance(1_000);
    const stopped = bot.stop();
    await clock.run({ until: stopped });
    await Promise.all([stopped, done]);
    expect(bot.status).toBe('stopped');
    expect(sink.frames.map(numberOf)).toEqual(range(source.reads));
  });

  it('stop() names who does not finish by the deadline, and ends all the same', async () => {
    const clock = new VirtualClock();
    const bot = graph('stubborn', { clock, deadlines: { drainMs: 1_000 } });
    bot
      .from(ticking())
      .with({ name: 'swallows-the-end' })
      .pipe(() => NEVER)
      .to(collect());
    const done = bot.run().catch((error: unknown) => error);
    await clock.advance(100);
    const stopped = bot.stop().catch((error: unknown) => error);
    await clock.advance(1_500);
    expect(await stopped).toMatchObject({
      code: 'SLUICE_DEADLINE',
      message: expect.stringContaining('swallows-the-end'),
    });
    expect(await done).toMatchObject({ code: 'SLUICE_DEADLINE' });
    expect(bot.status).toBe('failed');
  });

  it('aborts by signal: sources and sinks are closed, run rejects', async () => {
    const clock = new VirtualClock();
    const bot = graph('signal', { clock });
    const sink = collect(20);
    bot.from(numbers(1_000)).to(sink);
    const controller = new AbortController();
    const done = bot.run({ signal: controller.signal });
    await clock.advance(100);
    controller.abort(new Error('enough'));
    await expect(done).rejects.toMatchObject({
      code: 'SLUICE_ABORTED',
      cause: expect.objectContaining({ message: 'enough' }),
    });
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
    expect(bot.inspect().nodes.every((node) => node.state === 'stopped')).toBe(true);
  });

  it('stop() takes back what a change is still setting up', async () => {
    const bot = graph('late', { deadlines: { drainMs: 1_000 } });
    const flow = bot.from(NEVER as Observable<AudioFrame>);
    flow.to(collect());
    const done = bot.run();
    await vi.waitFor(() => expect(bot.status).toBe('running'));
    let ready = () => {};
    const slow = createSink<AudioFrame>({
      name: 'slow',
      open: () =>
        new Promise((resolve) => {
          ready = () => resolve({ write() {}, end() {} });
        }),
    });
    const change = bot.change((edit) => edit.follow(flow).to(slow));
    const refused = expect(change).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
    await bot.stop();
    await done;
    ready();
    await refused;
    await expect(slow.finished).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
  });

  it('a change that fails last of all does not keep the graph from its end', async () => {
    let end = () => {};
    let refuse = () => {};
    const source = pullSource<AudioFrame>({ name: 'brief' }, () => ({
      read: () =>
        new Promise((resolve) => {
          end = () => resolve(null);
        }),
    }));
    const slow = createSink<AudioFrame>({
      name: 'slow',
      open: () =>
        new Promise((_, reject) => {
          refuse = () => reject(new Error('no disk'));
        }),
    });
    const bot = graph('late');
    const flow = bot.from(source);
    const sink = collect();
    flow.to(sink);
    const done = bot.run();
    await vi.waitFor(() => expect(bot.status).toBe('running'));
    const refused = expect(bot.change((edit) => edit.follow(flow).to(slow))).rejects.toThrow('no disk');
    end();
    await sink.finished;
    refuse();
    await refused;
    await done;
    expect(bot.status).toBe('done');
  });

  it('stop() told again waits for the same end', async () => {
    const clock = new VirtualClock();
    const bot = graph('twice', { clock });
    const sink = collect(100);
    bot.from(ticking()).to(sink);
    const done = bot.run();
    await clock.advance(300);
    const order: string[] = [];
    const first = bot.stop().then(() => order.push('first'));
    const second = bot.stop().then(() => order.push('second'));
    void done.then(() => order.push('done'));
    await clock.run({ until: Promise.all([first, second]) });
    expect(order[0]).toBe('done');
    expect(order).toHaveLength(3);
  });

  it('a sink serves once', async () => {
    const sink = collect();
    const bot = graph('shared-sink');
    bot.from(numbers(3)).to(sink);
    bot.from(numbers(3)).to(sink);
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_GRAPH_STATE' });
  });

  it('runs once, and says so', async () => {
    const bot = graph('once');
    bot.from(numbers(1)).to(collect());
    await bot.run();
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_GRAPH_STATE' });
    expect(() => bot.from(numbers(1))).toThrow(expect.objectContaining({ code: 'SLUICE_GRAPH_STATE' }));
  });

  it('waits for what a node says is still alive', async () => {
    const clock = new VirtualClock();
    const bot = graph('alive', { clock });
    const lingering = defineNode({
      name: 'lingering',
      inputs: { in: audioPort() },
      outputs: {},
      create: (_options: object, context) => {
        const release = context.keepAlive('echo');
        context.clock.at(context.clock.now() + 3_000, release);
        return { onFrame: (_port, frame) => frame.close() };
      },
    });
    bot.from(numbers(3)).to(bot.add(lingering()).in.in);
    expect(await runVirtual(bot, clock)).toBeUndefined();
    expect(clock.now()).toBe(3_000);
  });

  it('does not wait for what failed and said that it was alive', async () => {
    const bot = graph('zombie');
    const zombie = createOperator<AudioFrame, AudioFrame>({ name: 'zombie' }, (_destination, context) => {
      context.keepAlive('playing');
      return {
        next: () => {
          throw new Error('no device');
        },
      };
    });
    bot.from(numbers(3)).with({ onError: 'stop' }).pipe(zombie).to(collect());
    await bot.run();
    expect(bot.status).toBe('done');
  });

  it('ends with `await using`', async () => {
    let seen: ReturnType<typeof graph> | undefined;
    {
      await using bot = graph('scoped', { clock: new VirtualClock() });
      seen = bot;
      bot.from(numbers(3)).to(collect());
      await bot.start();
    }
    expect(['done', 'stopped']).toContain(seen.status);
  });
});
