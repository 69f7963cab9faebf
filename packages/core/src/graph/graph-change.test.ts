import { map, NEVER, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collect, numberOf, numbers, range, ticking } from '../../test/graph-fixtures.ts';
import { type AudioFrame, audioPort, createSink, defineNode, graph, type LinkRef } from '../index.ts';
import { VirtualClock } from '../testing/index.ts';
import { actorOf } from './refs.ts';

describe('a running graph', () => {
  it('takes a new branch at a frame boundary and leaves the others alone', async () => {
    const clock = new VirtualClock();
    const bot = graph('grow', { clock });
    const [first, second] = [collect(0, 'first'), collect(0, 'second')];
    const flow = bot.from(ticking(100));
    flow.to(first);
    const done = bot.run();
    await clock.advance(1_000);
    await bot.change((edit) =>
      edit
        .follow(flow)
        .pipe(map((frame) => frame))
        .to(second),
    );
    await clock.run({ until: done });
    expect(first.frames.map(numberOf)).toEqual(range(100));
    const late = second.frames.map(numberOf);
    expect(late).toEqual(range(100).slice(late[0]!));
    expect(late.length).toBeGreaterThan(40);
    await expect(second.finished).resolves.toBeDefined();
  });

  it('removes a branch, which finishes what it was given', async () => {
    const clock = new VirtualClock();
    const bot = graph('prune', { clock });
    const [kept, removed] = [collect(), collect(5, 'removed')];
    const flow = bot.from(ticking(100));
    flow.to(kept);
    const node = flow.to(removed);
    const done = bot.run();
    await clock.advance(1_000);
    await bot.change((edit) => edit.remove(node));
    await clock.advance(20);
    const result = await removed.finished;
    expect(result.map(numberOf)).toEqual(range(result.length));
    expect(result.length).toBe(51);
    await clock.run({ until: done });
    expect(kept.frames.map(numberOf)).toEqual(range(100));
  });

  it('shows no removed node any more once it is over, and none of its links', async () => {
    const clock = new VirtualClock();
    const bot = graph('gone', { clock });
    const flow = bot.from(ticking());
    flow.to(collect(0, 'kept'));
    const slow = flow.pipe(map((frame) => frame)).to(collect(200, 'slow'));
    await bot.start();
    const shown = () => {
      const { nodes, links } = bot.inspect();
      return [...nodes, ...links].map(({ id }) => id);
    };
    const before = shown();
    await clock.advance(1_000);
    await bot.change((edit) => edit.remove(slow));
    // It still finishes what it was given.
    expect(shown()).toContain('slow');
    await clock.advance(20_000);
    expect(shown()).not.toContain('slow');
    let guest!: { id: string };
    await bot.change((edit) => {
      guest = edit.from(ticking(), { name: 'guest' }).to(collect(0, 'guest sink')) as never;
    });
    expect(shown().filter((id) => id.includes('guest'))).toHaveLength(3);
    await bot.change((edit) => edit.remove(guest as never, { drain: false }));
    expect(shown().filter((id) => id.includes('guest'))).toEqual([]);
    await bot.change((edit) => edit.remove(before[1]!));
    expect(shown().length).toBeLessThan(before.length);
    expect(bot.toMermaid()).not.toContain('slow');
    bot.abort();
  });

  it('relinks without a frame lost or doubled', async () => {
    const clock = new VirtualClock();
    const bot = graph('relink', { clock });
    const [a, b] = [collect(0, 'a'), collect(0, 'b')];
    const flow = bot.from(ticking(100));
    const node = flow.to(a);
    const done = bot.run();
    await clock.advance(1_000);
    await bot.change((edit) => {
      edit.remove(node);
      edit.follow(flow).to(b);
    });
    await clock.run({ until: done });
    expect([...a.frames, ...b.frames].map(numberOf)).toEqual(range(100));
    expect(b.frames.length).toBeGreaterThan(40);
  });

  it('takes back everything when an added node cannot be set up', async () => {
    const clock = new VirtualClock();
    const bot = graph('rollback', { clock });
    const sink = collect();
    const flow = bot.from(ticking(50));
    flow.to(sink);
    const done = bot.run();
    await clock.advance(200);
    const broken = createSink({
      name: 'broken',
      open: async () => {
        throw new Error('no device');
      },
    });
    await expect(bot.change((edit) => edit.follow(flow).to(broken))).rejects.toMatchObject({ nodeId: 'broken' });
    expect(bot.inspect().nodes.map((node) => node.id)).toEqual(['ticking', 'collect']);
    await clock.run({ until: done });
    expect(sink.frames.map(numberOf)).toEqual(range(50));
  });

  it('survives a thousand changes under load without keeping what is over', async () => {
    const clock = new VirtualClock();
    const bot = graph('churn', { clock });
    const main = collect();
    const flow = bot.from(ticking());
    flow.to(main);
    await bot.start();
    for (let i = 0; i < 1_000; i++) {
      let node: { id: string; send: never } | undefined;
      await bot.change((edit) => {
        node = edit.follow(flow).to(collect(0, 'guest')) as never;
      });
      await clock.advance(20);
      await bot.change((edit) => edit.remove(node!));
    }
    await clock.advance(40);
    expect(main.frames.map(numberOf)).toEqual(range(main.frames.length));
    expect(bot.inspect().nodes.length).toBeLessThan(5);
    expect(bot.inspect().links.length).toBeLessThan(5);
    bot.abort();
  }, 30_000);

  it('is free of a branch that hangs as soon as it is removed', async () => {
    const bot = graph('hung', { deadlines: { stopMs: 50 } });
    const sink = collect();
    const hanging = createSink<AudioFrame>({
      name: 'hung',
      open: () => ({ write: () => new Promise(() => {}), end() {} }),
    });
    const flow = bot.from(numbers(500));
    flow.to(sink);
    const node = flow.to(hanging);
    await bot.start();
    expect(sink.frames.length).toBeLessThan(20);
    await bot.change((edit) => edit.remove(node));
    await sink.finished;
    expect(sink.frames.map(numberOf)).toEqual(range(500));
    await bot.change((edit) => edit.remove(node, { drain: false }));
    await bot.finished;
  });

  const through = defineNode({
    name: 'through',
    inputs: { in: audioPort({}) },
    outputs: { out: audioPort({}) },
    create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('out', frame) }),
  });

  it('forgets the links of sources that came and went', async () => {
    const clock = new VirtualClock();
    const bot = graph('utterances', { clock });
    const node = bot.add(through());
    const sink = collect();
    node.out.out.to(sink);
    bot.from(ticking()).to(node.in.in);
    await bot.start();
    for (let i = 0; i < 20; i++) {
      await bot.change((edit) => edit.from(numbers(2)).to(node.in.in));
      await clock.advance(20);
    }
    expect(actorOf(node)!.inputs[0]!.links.length).toBeLessThan(4);
    expect(sink.frames.length).toBe(20 * 2 + 21);
    bot.abort();
  });

  it('refuses a link to a node that has ended, and lets one that has ended be removed', async () => {
    const bot = graph('over', { deadlines: { stopMs: 50 } });
    const node = bot.add(through());
    const brief = bot.from(numbers(3));
    const sink = collect();
    brief.to(node.in.in);
    node.out.out.to(sink);
    bot.from(NEVER as Observable<AudioFrame>).to(collect());
    await bot.start();
    await sink.finished;
    await expect(bot.change((edit) => edit.from(numbers(3)).to(node.in.in))).rejects.toThrow(
      /received "one that has ended"/,
    );
    await bot.change((edit) => edit.remove(brief.node));
    await expect(bot.change((edit) => edit.remove(graph('x').from(numbers(1)).node))).rejects.toMatchObject({
      code: 'SLUICE_GRAPH_INVALID',
    });
    await bot.stop();
  });

  it('may be built on only before the start or inside a change', async () => {
    const bot = graph('closed', { clock: new VirtualClock() });
    await expect(bot.change(() => {})).rejects.toMatchObject({ code: 'SLUICE_GRAPH_STATE' });
    bot.from(ticking()).to(collect());
    await bot.start();
    expect(() => bot.from(numbers(1))).toThrow(expect.objectContaining({ code: 'SLUICE_GRAPH_STATE' }));
    await expect(bot.change((edit) => edit.unlink({ id: 'x' } as LinkRef))).rejects.toMatchObject({
      code: 'SLUICE_LINK_INVALID',
    });
    bot.abort();
  });
});
