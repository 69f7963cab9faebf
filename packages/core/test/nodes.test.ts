import { map } from 'rxjs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  type AudioFrame,
  audioPort,
  defineNode,
  type Flow,
  type Frame,
  framePort,
  graph,
  type InputPort,
  type LinkRef,
} from '../src/index.ts';
import { VirtualClock } from '../src/testing/index.ts';
import { collect, numbered, numberOf, numbers, range, ticking } from './graph-fixtures.ts';

const passOn = defineNode({
  name: 'parity',
  inputs: { in: audioPort() },
  outputs: { even: audioPort(), odd: audioPort() },
  create: (_options: object, context) => ({
    onFrame: (_port, frame) => context.emit(numberOf(frame) % 2 === 0 ? 'even' : 'odd', frame),
  }),
});

describe('a node with named ports', () => {
  it('emits on each port what belongs there, and ends both', async () => {
    const bot = graph('parity');
    const parity = bot.add(passOn());
    const [even, odd] = [collect(), collect()];
    bot.from(numbers(10)).to(parity.in.in);
    parity.out.even.to(even);
    parity.out.odd.to(odd);
    await bot.run();
    expect(even.frames.map(numberOf)).toEqual([0, 2, 4, 6, 8]);
    expect(odd.frames.map(numberOf)).toEqual([1, 3, 5, 7, 9]);
  });

  it('gets frames one at a time, also when a handler is asynchronous', async () => {
    let running = 0;
    let most = 0;
    const slow = defineNode({
      name: 'slow',
      inputs: { in: audioPort() },
      outputs: { out: audioPort() },
      create: (_options: object, context) => ({
        async onFrame(_port, frame) {
          most = Math.max(most, ++running);
          await Promise.resolve();
          running--;
          context.emit('out', frame);
        },
      }),
    });
    const bot = graph('slow');
    const node = bot.add(slow());
    const sink = collect();
    bot.from(numbers(40)).to(node.in.in);
    node.out.out.to(sink);
    await bot.run();
    expect(sink.frames.map(numberOf)).toEqual(range(40));
    expect(most).toBe(1);
  });

  it('ends only when every input has ended, drains, and closes once', async () => {
    const log: string[] = [];
    const sum = defineNode({
      name: 'sum',
      inputs: { a: audioPort(), b: audioPort() },
      outputs: { out: audioPort() },
      create: (_options: object, context) => ({
        onFrame: (port, frame) => {
          log.push(`${port}${numberOf(frame)}`);
          frame.close();
        },
        onEnd: (port) => log.push(`end ${port}`),
        onDrain: () => context.emit('out', numbered(7)),
        close: () => log.push('close'),
      }),
    });
    const bot = graph('sum');
    const node = bot.add(sum());
    const sink = collect();
    bot.from(numbers(1)).to(node.in.a);
    bot.from(numbers(2)).to(node.in.b);
    node.out.out.to(sink);
    await bot.run();
    expect(log.filter((entry) => entry.startsWith('end')).sort()).toEqual(['end a', 'end b']);
    expect(sink.frames.map(numberOf)).toEqual([7]);
    expect(log.at(-1)).toBe('close');
    expect(log.filter((entry) => entry === 'close')).toHaveLength(1);
  });

  it('may refuse a port until it wants more, without stalling the other', async () => {
    const order: string[] = [];
    const gate = defineNode({
      name: 'gate',
      inputs: { first: audioPort(), second: audioPort() },
      outputs: { out: audioPort() },
      create: () => {
        let done = false;
        return {
          accepts: (port) => port === 'first' || done,
          onFrame: (port, frame) => {
            order.push(port);
            frame.close();
          },
          onEnd: (port) => {
            done ||= port === 'first';
          },
        };
      },
    });
    const bot = graph('gate');
    const node = bot.add(gate());
    bot.from(numbers(5)).to(node.in.first);
    bot.from(numbers(5)).to(node.in.second);
    node.out.out.to(collect());
    await bot.run();
    expect(order).toEqual([...range(5).map(() => 'first'), ...range(5).map(() => 'second')]);
  });

  it('takes control messages between two frames and refuses unknown ones by name', async () => {
    const clock = new VirtualClock();
    const bot = graph('control', { clock });
    const heard: unknown[] = [];
    const tunable = defineNode({
      name: 'tunable',
      inputs: { in: audioPort() },
      outputs: { out: audioPort() },
      create: (_options: object, context) => ({
        onFrame: (_port, frame) => context.emit('out', frame),
        onControl: (message) => message.type === 'tune' && heard.push(message) > 0,
      }),
    });
    const node = bot.add(tunable());
    bot.from(numbers(100)).to(node.in.in);
    node.out.out.to(collect(10));
    const done = bot.run();
    await clock.advance(50);
    await node.send({ type: 'tune', hz: 440 });
    expect(heard).toEqual([{ type: 'tune', hz: 440 }]);
    await expect(node.send({ type: 'dance' })).rejects.toMatchObject({
      code: 'SLUICE_NODE_CONTROL',
      nodeId: 'tunable',
    });
    bot.abort();
    await done.catch(() => {});
  });

  it('validates options by any Standard Schema', () => {
    const node = defineNode({
      name: 'checked',
      options: z.object({ db: z.number().max(0).default(-6) }),
      inputs: { in: audioPort() },
      outputs: {},
      create: ({ db }) => ({ onFrame: () => expect(db).toBeTypeOf('number') }),
    });
    expect(() => node({ db: 3 })).toThrow(expect.objectContaining({ code: 'SLUICE_NODE_OPTIONS' }));
    expect(() => node({ db: 3 })).toThrow(/db/);
    expect(node().name).toBe('checked');
    expect(() => defineNode({ name: 'Bad Name', inputs: {}, outputs: {}, create: () => ({}) })).toThrow(TypeError);
  });

  it('adds inputs by name where the node allows it', async () => {
    const ports: string[] = [];
    const many = defineNode({
      name: 'many',
      inputs: {},
      outputs: { out: audioPort() },
      dynamicInputs: audioPort(),
      create: (_options: object, context) => ({
        onPortAdded: (port, options) => ports.push(`${port}:${String(options.gain)}`),
        onFrame: (_port, frame) => context.emit('out', frame),
      }),
    });
    const bot = graph('many');
    const node = bot.add(many());
    const sink = collect();
    bot.from(numbers(3)).to(node.input('left', { gain: 1 }));
    bot.from(numbers(3)).to(node.input('right', { gain: 2 }));
    node.out.out.to(sink);
    await bot.run();
    expect(ports).toEqual(['left:1', 'right:2']);
    expect(sink.frames).toHaveLength(6);
    const fixed = graph('fixed').add(passOn());
    expect(() => fixed.input('third')).toThrow(expect.objectContaining({ code: 'SLUICE_LINK_INVALID' }));
  });

  it('has one input of a name, and checks its options at once', async () => {
    const added: unknown[] = [];
    const desk = defineNode({
      name: 'desk',
      inputs: {},
      outputs: {},
      dynamicInputs: audioPort(),
      checkInput: (name, { gain }) => {
        if (gain === 'loud') throw new TypeError(name);
      },
      create: () => ({
        onPortAdded: (port, options) => added.push([port, options]),
        onFrame: (_port, frame) => frame.close?.(),
      }),
    });
    const bot = graph('guests');
    const node = bot.add(desk());
    expect(() => node.input('guest', { gain: 'loud' })).toThrow(TypeError);
    node.input('guest', { gain: 1 });
    bot.from(numbers(3)).to(node.input('guest', { gain: 2 }));
    expect(() => node.input('guest', { gain: 3 })).toThrow(expect.objectContaining({ code: 'SLUICE_LINK_INVALID' }));
    bot.from(numbers(3)).to(node.input('guest'));
    await bot.run();
    expect(added).toEqual([['guest', { gain: 2 }]]);
  });

  it('may emit in its own time, knows which inputs do, and ends at the stop if it says so', async () => {
    const paced: Record<string, boolean> = {};
    const clock = defineNode({
      name: 'clock',
      live: ({ live }: { live: boolean }) => live,
      inputs: {},
      outputs: { out: audioPort() },
      dynamicInputs: audioPort(),
      create: (_options, context) => {
        let stop = () => {};
        const stopped = new Promise<void>((resolve) => {
          stop = resolve;
        });
        return {
          onFrame: (port, frame) => {
            paced[port] = context.isPaced(port);
            context.emit('out', frame);
          },
          onStop: stop,
          onDrain: () => stopped,
        };
      },
    });
    const bot = graph('ticks');
    const [live, waiting] = [bot.add(clock({ live: true })), bot.add(clock({ live: false }))];
    const sink = collect();
    bot.from(numbers(3)).to(live.input('file'));
    bot.from(numbers(3).pipe(map((frame) => frame))).to(live.input('device'));
    live.out.out.to(waiting.input('live'));
    bot.from(numbers(3)).to(waiting.input('file'));
    waiting.out.out.to(sink);
    expect(() => live.out.out.with({ link: { policy: 'block' } }).to(waiting.input('live'))).toThrow(/is live/);
    await bot.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(bot.status).toBe('running');
    expect(paced).toEqual({ file: false, device: true, live: true });
    const policies = bot.inspect().links.map(({ from, policy }) => [from, policy]);
    expect(policies).toContainEqual([live.id, 'drop-oldest']);
    expect(policies).toContainEqual([waiting.id, 'block']);
    await bot.stop();
    expect(sink.frames).toHaveLength(9);
  });

  it('loses an input added by name with its last link, and may get it again', async () => {
    const clock = new VirtualClock();
    const bot = graph('guests', { clock });
    const told: string[] = [];
    const desk = bot.add(
      defineNode({
        name: 'desk',
        inputs: {},
        outputs: {},
        dynamicInputs: audioPort({}),
        create: () => ({
          onPortAdded: (port) => void told.push(`+${port}`),
          onPortRemoved: (port) => void told.push(`-${port}`),
          onEnd: (port) => void told.push(`end ${port}`),
          onFrame: (_port: string, frame: AudioFrame) => frame.close(),
        }),
      })(),
    );
    bot.from(ticking()).to(desk.input('host'));
    await bot.start();
    const join = async (count: number) => {
      let link = {} as LinkRef;
      await bot.change((edit) => {
        link = edit.from(ticking(count)).to(desk.input('guest'));
      });
      await clock.advance(100);
      return link;
    };
    const left = await join(1_000);
    const before = desk.input('guest');
    await bot.change((edit) => edit.unlink(left));
    await join(2);
    await join(2);
    expect(told).toEqual(['+host', '+guest', '-guest', '+guest', 'end guest', '-guest', '+guest', 'end guest']);
    await expect(bot.change((edit) => void edit.from(ticking()).to(before))).rejects.toThrow(/went with its last link/);
    bot.abort();
  });

  it('fails where it emits on a port that it does not have', async () => {
    const bot = graph('typo');
    const node = bot.add(
      defineNode({
        name: 'typo',
        inputs: { in: audioPort({}) },
        outputs: { out: audioPort({}) },
        create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('ouch' as 'out', frame) }),
      })(),
    );
    bot.from(numbers(3)).to(node.in.in);
    node.out.out.to(collect());
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_LINK_INVALID', nodeId: 'typo' });
  });

  it('is linked within its own graph only', () => {
    const [one, other] = [graph('one'), graph('other')];
    const through = defineNode({
      name: 'through',
      inputs: { in: audioPort({}) },
      outputs: { out: audioPort({}) },
      create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('out', frame) }),
    });
    const foreign = other.add(through());
    expect(() => one.from(numbers(3)).to(foreign.in.in)).toThrow(/through\.in is no part of graph one/);
    expect(() => one.follow(foreign.out.out)).toThrow(/through is no part of graph one/);
  });
});

interface TextFrame extends Frame {
  readonly kind: 'text';
  readonly text: string;
}

describe('types', () => {
  const reader = defineNode({
    name: 'reader',
    inputs: { text: framePort<TextFrame>('text') },
    outputs: { speech: audioPort({ sampleRate: 16_000, channels: 1 }) },
    create: () => ({
      onFrame: (_port, frame) => {
        expectTypeOf(frame).toEqualTypeOf<TextFrame>();
      },
    }),
  });

  it('infers the frames of ports', () => {
    const node = graph('types').add(reader());
    expectTypeOf(node.in.text).toEqualTypeOf<InputPort<TextFrame>>();
    expectTypeOf(node.out.speech).toEqualTypeOf<Flow<AudioFrame>>();
  });

  it('rejects a link between unlike kinds', () => {
    const bot = graph('types');
    const node = bot.add(reader());
    // @ts-expect-error audio does not go where text is expected
    bot.from(numbers(1)).to(node.in.text);
    // @ts-expect-error a text collector does not take audio
    bot.from(numbers(1)).to(collect<TextFrame>());
    // @ts-expect-error there is no such port
    expect(node.in.audio).toBeUndefined();
  });
});
