import { queryObjects } from 'node:v8';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, numberOf, numbers, range, ticking } from '../../test/graph-fixtures.ts';
import {
  type AudioFrame,
  audioPort,
  createSink,
  defineNode,
  type Graph,
  type GraphChange,
  graph,
  type LinkRef,
  type NodeRef,
  pullSource,
} from '../index.ts';
import { StreamActor } from '../runtime/actors/stream-actor.ts';
import { Link } from '../runtime/links/link.ts';
import { InPort } from '../runtime/ports/in-port.ts';
import { trackFrames, VirtualClock } from '../testing/index.ts';

/** A desk of inputs that come and go by name, as those of a mixer do: a name that is taken is refused. */
const desk = defineNode({
  name: 'desk',
  inputs: {},
  outputs: { out: audioPort() },
  dynamicInputs: audioPort(),
  create: (_options: object, context) => {
    const inputs = new Map<string, number>();
    return {
      onPortAdded(name, { add = 0, refuse }) {
        if (refuse === true) throw new Error(`no room for ${name}`);
        if (inputs.has(name)) throw new Error(`${name} is taken`);
        inputs.set(name, add as number);
      },
      onPortRemoved: (name) => void inputs.delete(name),
      onFrame(name, frame) {
        const samples = frame.samples.map((sample) => sample + inputs.get(name)!);
        context.emit('out', frame.derive({ samples }));
        frame.close();
      },
      onFormat(_name, format) {
        if ('sampleRate' in format && format.sampleRate === 8_000) throw new Error('too low for me');
      },
    };
  },
});

const failingNode = defineNode({
  name: 'failing',
  inputs: { in: audioPort() },
  outputs: { out: audioPort() },
  create: () => {
    throw new Error('no memory');
  },
});

const shape = (bot: Graph) => {
  const { nodes, links, status } = bot.inspect();
  return {
    status,
    nodes: nodes.map(({ id, state }) => `${id} ${state}`).sort(),
    links: links.map(({ id }) => id).sort(),
  };
};

describe('a change of a running graph', () => {
  let clock: VirtualClock;
  let leaks: ReturnType<typeof trackFrames>;
  beforeEach(() => {
    clock = new VirtualClock();
    leaks = trackFrames();
  });
  afterEach(() => {
    leaks.stop();
  });

  async function studio(name: string) {
    const bot = graph(name, { clock });
    const node = bot.add(desk(), { name: 'desk' });
    const sink = collect();
    const source = bot.from(ticking(100), { name: 'host' });
    const link = source.to(node.input('guest', { add: 1_000 }));
    node.out.out.to(sink);
    const done = bot.run();
    done.catch(() => {});
    await clock.advance(1_000);
    return { bot, node, sink, source, link, done };
  }

  it.each([
    ['its link', (edit: GraphChange, _source: NodeRef, link: LinkRef) => edit.unlink(link)],
    ['its source', (edit: GraphChange, source: NodeRef) => edit.remove(source)],
    ['its source at once', (edit: GraphChange, source: NodeRef) => edit.remove(source, { drain: false })],
  ])('takes an input away by %s and adds one of its name', async (_what, take) => {
    const { bot, node, sink, source, link } = await studio('swap');
    await bot.change((edit) => {
      edit.from(ticking()).to(collect());
      take(edit, source.node, link);
      edit.from(ticking(10), { name: 'newcomer' }).to(node.input('guest', { add: 2_000 }));
    });
    await clock.advance(400);
    expect(sink.frames.slice(51).map(numberOf)).toEqual(range(10).map((index) => 2_000 + index));
    expect(bot.status).toBe('running');
    bot.abort();
    leaks.assertNone();
  });

  it('gives a name of a node that goes or has ended to another', async () => {
    const { bot, node, source } = await studio('names');
    await bot.change((edit) => {
      edit.remove(source.node);
      edit.from(ticking(), { name: 'clock' }).to(node.input('clock'));
      edit.from(ticking(5), { name: 'host' }).to(node.input('guest', { add: 1 }));
    });
    await clock.advance(200);
    expect(shape(bot).nodes).toContain('host ended');
    await bot.change((edit) => edit.from(ticking(), { name: 'host' }).to(node.input('guest')));
    const running = ['clock', 'collect', 'desk', 'host'].map((id) => `${id} running`);
    expect(shape(bot).nodes).toEqual(running);
    await expect(
      bot.change((edit) => edit.from(ticking(), { name: 'host' }).to(node.input('other'))),
    ).rejects.toMatchObject({ code: 'SLUICE_GRAPH_INVALID' });
    bot.abort();
  });

  it('keeps each node under its own supervision when its name is given away', async () => {
    const bot = graph('supervised', { clock });
    const broken = () =>
      createSink<AudioFrame>({
        name: 'broken',
        open: () => ({
          write: (frame) => {
            frame.close();
            throw new Error('disk full');
          },
          end() {},
        }),
      });
    const flow = bot.from(ticking());
    flow.to(collect());
    const first = flow.with({ name: 'sink', onError: 'stop' }).to(collect(30, 'slow'));
    await bot.start();
    await bot.change((edit) => {
      edit.remove(first);
      edit.follow(flow).with({ name: 'sink', onError: 'stop' }).to(broken());
    });
    await clock.advance(200);
    expect(bot.status).toBe('running');
    expect(bot.inspect().nodes.find(({ id }) => id === 'sink')).toMatchObject({ state: 'stopped', errors: 1 });
    bot.abort();
  });

  const failures: [string, (edit: GraphChange, node: { input: never }) => void, object][] = [
    [
      'an input that the node refuses',
      (edit, node) => edit.from(numbers(3)).to((node as never as Desk).input('guest', { refuse: true })),
      { code: 'SLUICE_NODE_FAILED', nodeId: 'desk', cause: { message: 'no room for guest' } },
    ],
    [
      'a node that cannot be created',
      (edit) => edit.from(numbers(3)).to(edit.add(failingNode()).in.in),
      { code: 'SLUICE_NODE_FAILED', nodeId: 'failing', cause: { message: 'no memory' } },
    ],
    [
      'a format that does not fit',
      (edit, node) => edit.from(numbers(3, 8_000)).to((node as never as Desk).input('guest', { add: 5 })),
      { code: 'SLUICE_NODE_FAILED', nodeId: 'desk', cause: { message: 'too low for me' } },
    ],
    [
      'a link between formats that cannot be',
      (edit) =>
        edit
          .from(numbers(3))
          .with({ link: { convert: 'off' } })
          .to(collectAt(48_000)),
      { code: 'SLUICE_LINK_FORMAT' },
    ],
    [
      'a source that breaks as it is opened',
      (edit, node) => {
        const broken = pullSource<AudioFrame>({ name: 'gone' }, () => {
          throw new Error('no such stream');
        });
        edit.from(broken).to((node as never as Desk).input('guest', { add: 5 }));
      },
      { code: 'SLUICE_NODE_FAILED', nodeId: 'gone', cause: { message: 'no such stream' } },
    ],
    [
      'a device that cannot be opened',
      (edit) =>
        edit
          .from(numbers(3))
          .to(createSink<AudioFrame>({ name: 'device', open: () => Promise.reject(new Error('busy')) })),
      { code: 'SLUICE_NODE_FAILED', nodeId: 'device', cause: { message: 'busy' } },
    ],
    [
      'an edit that throws',
      () => {
        throw new TypeError('my own fault');
      },
      { message: 'my own fault' },
    ],
  ];

  it.each(failures)('with %s leaves the graph as it was, and tells the cause', async (_what, add, error) => {
    const { bot, node, sink, source, link, done } = await studio('failing');
    const before = shape(bot);
    const failed = bot.change((edit) => {
      edit.unlink(link);
      edit.remove(source.node);
      edit.from(ticking(3), { name: 'host' }).to(collect(0, 'second'));
      add(edit, node as never);
    });
    await expect(failed).rejects.toMatchObject(error);
    expect(shape(bot)).toEqual(before);
    await clock.run({ until: done });
    expect(sink.frames.map(numberOf)).toEqual(range(100).map((index) => 1_000 + index));
    expect(bot.status).toBe('done');
    leaks.assertNone();
  });

  it('tells why the graph ended while a change was set up', async () => {
    const { bot } = await studio('ended');
    const reason = new Error('the call is over');
    const opening = bot.change((edit) =>
      edit
        .from(numbers(1))
        .to(
          createSink<AudioFrame>({ name: 'late', open: async () => ({ write: (frame) => frame.close(), end() {} }) }),
        ),
    );
    bot.abort(reason);
    await expect(opening).rejects.toMatchObject({ code: 'SLUICE_ABORTED', cause: { cause: reason } });
  });

  it('refuses a link to what it removes, and two inputs of one name', async () => {
    const { bot, node } = await studio('contrary');
    await expect(
      bot.change((edit) => {
        edit.remove(node);
        edit.from(numbers(1)).to(node.input('other'));
      }),
    ).rejects.toThrow(/received "one that the same change removes"/);
    await expect(bot.change((edit) => edit.from(numbers(1)).to(node.input('guest', { add: 2 })))).rejects.toThrow(
      /desk.guest is there already, with options of its own/,
    );
    expect(bot.status).toBe('running');
    bot.abort();
  });

  it('keeps nothing of guests who came and went, each under a name of their own', async () => {
    const bot = graph('guests', { clock });
    const node = bot.add(desk());
    node.out.out.to(
      createSink<AudioFrame>({ name: 'ear', open: () => ({ write: (frame) => frame.close(), end() {} }) }),
    );
    bot.from(ticking()).to(node.input('host'));
    await bot.start();
    const kept = () => [InPort, Link, StreamActor].map((type) => queryObjects(type as never) as unknown as number);
    const guest = async (index: number) => {
      let refs!: { node: NodeRef; link: LinkRef };
      await bot.change((edit) => {
        const flow = edit.from(ticking(index % 3 === 0 ? 2 : undefined), { onError: 'stop' });
        refs = { node: flow.node, link: flow.to(node.input(`guest-${index}`)) };
      });
      await clock.advance(60);
      if (index % 3 === 1) await bot.change((edit) => edit.remove(refs.node));
      if (index % 3 === 2)
        await bot.change((edit) => {
          edit.unlink(refs.link);
          edit.remove(refs.node);
        });
    };
    for (let index = 0; index < 10; index++) await guest(index);
    const before = kept();
    for (let index = 10; index < 160; index++) await guest(index);
    for (const [index, count] of kept().entries()) expect(count).toBeLessThanOrEqual(before[index]! + 3);
    bot.abort();
  });
});

type Desk = ReturnType<Graph['add']> & { input(name: string, options?: object): never };

function collectAt(sampleRate: number) {
  return createSink<AudioFrame>({
    name: 'fixed',
    accepts: { kind: 'audio', sampleRate },
    open: () => ({ write: (frame) => frame.close(), end() {} }),
  });
}
