import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collect, numberOf, numbers, range, ticking } from '../../test/graph-fixtures.ts';
import { type AudioFrame, audioPort, createSink, defineNode, type Graph, graph, type Micros } from '../index.ts';
import { VirtualClock } from '../testing/index.ts';

/** What plays by itself, 20 ms of the clock for each frame, keeping up to ten. */
function player({ stopMs = 15, refuses = false } = {}) {
  const played: number[] = [];
  const calls: string[] = [];
  const make = () =>
    createSink<AudioFrame>({
      name: 'player',
      plays: true,
      open: (context) => {
        const { clock } = context;
        let queue: AudioFrame[] = [];
        let paused = false;
        let cancel = () => {};
        let left = 0;
        let go = () => {};
        let finish = () => {};
        const tick = () => {
          const frame = paused ? undefined : queue.shift();
          if (frame !== undefined) {
            played.push(numberOf(frame));
            left += frame.duration;
            frame.close();
            go();
          }
          if (queue.length === 0) finish();
          cancel = clock.at(clock.now() + 20, tick);
        };
        cancel = clock.at(clock.now() + 20, tick);
        context.onInterrupt(({ dropped }) => {
          for (const frame of queue) dropped(frame.duration);
          for (const frame of queue.splice(0)) frame.close();
          go();
        });
        return {
          write: (frame) => {
            queue.push(frame);
            return queue.length < 10
              ? undefined
              : new Promise((resolve) => {
                  go = resolve;
                });
          },
          position: () => left as Micros,
          played: () => left,
          pause: async (fadeMs) => {
            calls.push(`pause ${fadeMs}`);
            paused = true;
            if (refuses) throw new Error('it cannot stop');
            await new Promise((resolve) => clock.at(clock.now() + stopMs, () => resolve(undefined)));
          },
          resume: () => {
            calls.push('resume');
            paused = false;
          },
          end: () =>
            new Promise<void>((resolve) => {
              finish = () => {
                cancel();
                resolve();
              };
            }),
          abort: () => {
            calls.push('abort');
            cancel();
            for (const frame of queue) frame.close();
            queue = [];
          },
        };
      },
    });
  return { make, played, calls };
}

describe('pause', () => {
  const setup = (build: (bot: Graph) => void) => {
    const clock = new VirtualClock();
    const bot = graph('quiet', { clock });
    build(bot);
    return { clock, bot, node: (id: string) => bot.inspect().nodes.find((one) => one.id === id)! };
  };

  it('lets what plays stand still, and go on without a frame lost or doubled', async () => {
    const { make, played, calls } = player();
    const { clock, bot, node } = setup((one) => one.from(numbers(100)).to(make()));
    const over = bot.run();
    await clock.advance(500);
    const report = bot.pause({ fadeMs: 7 });
    await clock.advance(100);
    expect(await report).toEqual({ heardMs: 500, sinks: [{ node: 'player', heardMs: 500 }] });
    expect(node('player')).toMatchObject({ paused: true, waiting: true });
    const { epoch } = bot.inspect();
    await clock.advance(20_000);
    expect(played).toEqual(range(25));
    bot.resume();
    expect(node('player').paused).toBe(false);
    await clock.advance(3_000);
    await over;
    expect(played).toEqual(range(100));
    expect(calls).toEqual(['pause 7', 'resume']);
    expect(bot.inspect()).toMatchObject({ epoch, problems: [] });
  });

  it('holds other sinks and nodes without an output back, and what stands before them', async () => {
    const swallowed: number[] = [];
    const end = defineNode({
      name: 'end',
      inputs: { in: audioPort() },
      outputs: {},
      create: () => ({
        onFrame: (_port, frame) => {
          swallowed.push(numberOf(frame));
          frame.close();
        },
      }),
    });
    const file = numbers(1_000);
    const sink = collect(20);
    const { clock, bot } = setup((one) => {
      one
        .from(file)
        .pipe(map((frame) => frame))
        .to(sink);
      one.from(ticking(1_000)).to(one.add(end()).in.in);
    });
    const over = bot.run();
    await clock.advance(1_000);
    const { sinks } = await bot.pause();
    expect(sinks.map(({ node }) => node)).toEqual(['collect']);
    const before = [sink.frames.length, swallowed.length];
    await clock.advance(100);
    const { reads } = file;
    await clock.advance(10_000);
    expect([sink.frames.length, swallowed.length]).toEqual(before);
    expect(file.reads).toBe(reads);
    expect(bot.inspect().problems).toEqual([expect.stringMatching(/dropped \d+ frames/)]);
    bot.resume();
    await clock.advance(30_000);
    await over;
    expect(sink.frames.map(numberOf)).toEqual(range(1_000));
    // The live source could not wait: its link dropped the oldest and told so.
    expect(swallowed).not.toEqual(range(1_000));
    expect(swallowed.slice(before[1]).every((number, index, all) => index === 0 || number > all[index - 1]!)).toBe(
      true,
    );
  });

  it('tells the gap that a live source left meanwhile', async () => {
    const sink = collect();
    const { clock, bot } = setup((one) => one.from(ticking()).to(sink));
    bot.run().catch(() => {});
    await clock.advance(200);
    await bot.pause();
    await clock.advance(10_000);
    bot.resume();
    await clock.advance(100);
    const missing = sink.frames.reduce((sum, { gap }) => sum + (gap?.duration ?? 0), 0);
    const heard = sink.frames.length * 20_000;
    expect(missing).toBeGreaterThan(5_000_000);
    expect(missing + heard).toBe((numberOf(sink.frames.at(-1)!) + 1) * 20_000);
    bot.abort();
  });

  it('stays inside its scope, and looks for what plays behind a scope without an end', async () => {
    const { make, played } = player();
    const log = collect(0, 'log');
    const { clock, bot, node } = setup((one) => {
      const voice = one.group('voice', (scope) => scope.from(ticking()).pipe(map((frame) => frame)));
      one.follow(voice).to(make());
      one.follow(voice).to(log);
      one.from(ticking()).to(collect(0, 'ears'));
    });
    bot.run().catch(() => {});
    await clock.advance(200);
    void bot.pause({ scope: 'voice' });
    const heard = played.length;
    const logged = log.frames.length;
    await clock.advance(1_000);
    expect(['player', 'log', 'ears'].map((id) => node(id).paused)).toEqual([true, false, false]);
    expect(played).toHaveLength(heard);
    // It took what it could get until the branch beside it was full.
    expect(log.frames.length).toBeGreaterThan(logged);
    bot.resume({ scope: 'log' });
    expect(node('player').paused).toBe(true);
    bot.resume({ scope: 'voice' });
    expect(node('player').paused).toBe(false);
    void bot.pause({ scope: ['ears'] });
    expect(['player', 'log', 'ears'].map((id) => node(id).paused)).toEqual([false, false, true]);
    await expect(bot.pause({ scope: 'nobody' })).rejects.toMatchObject({ code: 'SLUICE_GRAPH_INVALID' });
    bot.abort();
    const mute = setup((one) => one.follow(one.group('ears', (scope) => scope.from(ticking()))).to(collect()));
    await expect(mute.bot.pause({ scope: 'ears' })).rejects.toMatchObject({ code: 'SLUICE_GRAPH_INVALID' });
    await expect(mute.bot.pause({ scope: ['ears/ticking'] })).rejects.toMatchObject({ code: 'SLUICE_GRAPH_INVALID' });
  });

  it('may be said twice, and so may resume', async () => {
    const { make, played } = player();
    const { clock, bot } = setup((one) => one.from(numbers(50)).to(make()));
    const over = bot.run();
    await clock.advance(200);
    const reports = [bot.pause(), bot.pause()];
    await clock.advance(500);
    for (const report of reports) expect(await report).toMatchObject({ heardMs: 200 });
    bot.resume();
    bot.resume();
    await clock.advance(2_000);
    await over;
    expect(played).toEqual(range(50));
    expect(await bot.pause()).toEqual({ heardMs: 0, sinks: [] });
  });

  it('may come before the start, and before a device is open', async () => {
    const { make, played, calls } = player();
    const { clock, bot } = setup((one) => one.from(numbers(10)).to(make()));
    expect(await bot.pause()).toEqual({ heardMs: 0, sinks: [{ node: 'player', heardMs: 0 }] });
    const over = bot.run();
    await clock.advance(1_000);
    expect([played, calls]).toEqual([[], ['pause 0']]);
    bot.resume();
    await clock.advance(1_000);
    await over;
    expect(played).toEqual(range(10));
  });

  it('outlasts a restart of the sink', async () => {
    const { make, played, calls } = player();
    let fail: (reason: Error) => void = () => {};
    const { clock, bot, node } = setup((one) =>
      one
        .from(ticking())
        .with({ name: 'player', onError: 'restart' })
        .to(() => {
          const sink = make();
          fail = (reason) => sink.error(reason);
          return sink;
        }),
    );
    bot.run().catch(() => {});
    await clock.advance(200);
    void bot.pause();
    fail(new Error('unplugged'));
    await clock.advance(5_000);
    expect(node('player')).toMatchObject({ restarts: 1, paused: true });
    const heard = played.length;
    bot.resume();
    await clock.advance(200);
    expect(calls).toEqual(['pause 5', 'abort']);
    expect(played.length).toBeGreaterThan(heard);
    bot.abort();
  });

  it('leaves an interruption its way, and stays', async () => {
    const { make, played } = player();
    const { clock, bot } = setup((one) => one.from(numbers(200)).to(make()));
    bot.run().catch(() => {});
    await clock.advance(400);
    void bot.pause();
    await clock.advance(1_000);
    const { heardMs, droppedMs } = await bot.interrupt();
    expect(heardMs).toBe(400);
    expect(droppedMs).toBeGreaterThan(180);
    await clock.advance(1_000);
    expect(played).toEqual(range(20));
    bot.resume();
    await clock.advance(200);
    expect(played.slice(20)[0]).toBe(20 + droppedMs / 20);
    bot.abort();
  });

  it('pauses nothing that a change adds, and drains what it removes when it is resumed', async () => {
    const first = player();
    const second = collect(0, 'second');
    const { clock, bot, node } = setup((one) => one.from(numbers(1_000)).to(first.make()));
    bot.run().catch(() => {});
    await clock.advance(400);
    void bot.pause();
    await bot.change((edit) => {
      edit.from(ticking()).to(second);
      edit.remove('player', { drain: true });
    });
    await clock.advance(1_000);
    expect(second.frames.length).toBeGreaterThan(40);
    expect(first.played).toEqual(range(20));
    bot.resume();
    await clock.advance(5_000);
    expect(first.played).toEqual(range(first.played.length));
    expect(first.played.length).toBeGreaterThan(29);
    expect(node('player')).toBeUndefined();
    bot.abort();
  });

  it('ends with stop(), which lets everything be heard to its end, and with abort()', async () => {
    const { make, played } = player();
    const { clock, bot } = setup((one) => one.from(numbers(20)).to(make()));
    void bot.run();
    await clock.advance(100);
    void bot.pause();
    await clock.advance(100);
    const stopped = bot.stop();
    await clock.advance(1_000);
    await stopped;
    expect(played.length).toBeGreaterThan(14);
    expect(bot.status).toBe('stopped');

    const other = player();
    const cut = setup((one) => one.from(numbers(20)).to(other.make()));
    const over = cut.bot.run();
    await cut.clock.advance(100);
    void cut.bot.pause();
    cut.bot.abort();
    await expect(over).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
    expect(other.calls).toEqual(['pause 5', 'abort']);
  });

  it('holds a graph that drains, up to its deadline, which names it', async () => {
    const { make } = player();
    const { clock, bot } = setup((one) => one.from(numbers(50)).to(make()));
    const over = bot.run().catch(() => {});
    await clock.advance(100);
    const stopped = bot.stop().catch((error: unknown) => error);
    void bot.pause();
    await clock.advance(11_000);
    expect(String(await stopped)).toContain('paused');
    await over;
  });

  it('is a problem past its bound', async () => {
    const { make } = player();
    const { clock, bot } = setup((one) => one.from(ticking()).to(make()));
    bot.run().catch(() => {});
    await clock.advance(100);
    void bot.pause({ maxMs: 2_000 });
    await clock.advance(1_900);
    const paused = () => bot.inspect().problems.filter((one) => one.includes('paused'));
    expect(paused()).toEqual([]);
    await clock.advance(200);
    expect(paused()).toEqual([expect.stringMatching(/^`player` has been paused for 2\.1 s.*2\.0 s.*resume/)]);
    void bot.pause({ maxMs: 5_000 });
    expect(paused()).toEqual([]);
    await clock.advance(10_000);
    expect(paused()).toHaveLength(1);
    bot.resume();
    expect(paused()).toEqual([]);
    bot.abort();
  });

  it('reports a device that fails to stop, and resolves', async () => {
    const { make } = player({ refuses: true });
    const { clock, bot, node } = setup((one) => one.from(ticking()).to(make()));
    bot.run().catch(() => {});
    await clock.advance(100);
    await bot.pause();
    expect(node('player')).toMatchObject({ errors: 1, lastError: 'it cannot stop' });
    bot.abort();
  });

  it('refuses what makes no sense', async () => {
    const { bot } = setup((one) => one.from(ticking()).to(collect()));
    await expect(bot.pause({ fadeMs: -1 })).rejects.toThrow(RangeError);
    await expect(bot.pause({ fadeMs: 1_001 })).rejects.toThrow(RangeError);
    await expect(bot.pause({ maxMs: '1' as never })).rejects.toThrow(TypeError);
    await expect(bot.pause({ fade: 5 } as never)).rejects.toThrow(TypeError);
    expect(() => bot.resume({ scop: 'x' } as never)).toThrow(TypeError);
    expect(() => bot.resume({ scope: 'nobody' })).toThrow(expect.objectContaining({ code: 'SLUICE_GRAPH_INVALID' }));
  });
});
