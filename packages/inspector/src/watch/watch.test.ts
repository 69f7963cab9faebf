import { AudioFrame, audioPort, defineNode, graph, type Micros, pushSource } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fromTone, gain, toNull } from '@sluice/nodes';
import { expect, it } from 'vitest';
import { defaultsOf } from './defaults-of.ts';
import { type GraphEvent, watchEvents } from './graph-events.ts';
import { ObservedGraph } from './observed-graph.ts';

it('gives columns in the order of the topology, with the numbers that inspect() has, and levels', async () => {
  const clock = new VirtualClock();
  const bot = graph('observed', { clock });
  bot
    .from(fromTone({ live: true, sampleRate: 16_000, dBFS: -6 }))
    .pipe(gain({ db: -14 }))
    .to(toNull());
  const observed = new ObservedGraph(3, bot);
  observed.sample();
  await bot.start();
  await clock.advance(1_000);
  expect(observed.look()).toBe(true);
  observed.sample();
  await clock.advance(1_000);
  expect(observed.look()).toBe(false);
  const { topology } = observed;
  const { nodes, links, states } = observed.sample();
  const snapshot = bot.inspect();
  expect(topology.nodes.map(({ id }) => id)).toEqual(snapshot.nodes.map(({ id }) => id));
  expect(states).toEqual(snapshot.nodes.map(({ state }) => state));
  expect(nodes.framesIn).toEqual(snapshot.nodes.map(({ framesIn }) => framesIn));
  expect(links.frames).toEqual(snapshot.links.map(({ frames }) => frames));
  expect(links.frames[0]).toBeGreaterThan(90);
  expect(links.level.map((level) => Math.round(level!))).toEqual([-6, -20]);
  observed.rest();
  await clock.advance(1_000);
  observed.look();
  expect(observed.drops()).toEqual([]);
  bot.abort();
});

it('tells what came through a link whose format nobody agreed on, and tells it anew when it is another', async () => {
  const clock = new VirtualClock();
  const bot = graph('seen', { clock });
  let rate = 16_000;
  const frames = pushSource<AudioFrame>({ name: 'frames' }, (destination, { clock: own }) => {
    let cancel = () => {};
    const tick = () => {
      const samples = new Int16Array(rate / 50);
      destination.next(new AudioFrame({ samples, sampleRate: rate, channels: 1, timestamp: 0 as Micros }));
      cancel = own.at(own.now() + 20, tick);
    };
    cancel = own.at(own.now(), tick);
    return () => cancel();
  });
  bot.from(frames).to(toNull());
  const observed = new ObservedGraph(1, bot);
  observed.sample();
  await bot.start();
  for (const told of ['audio s16 16000 Hz mono', 'audio s16 48000 Hz mono']) {
    await clock.advance(100);
    expect(observed.look()).toBe(true);
    expect(observed.topology.links[0]!.format).toBe(told);
    observed.sample();
    await clock.advance(100);
    expect(observed.look()).toBe(false);
    rate = 48_000;
  }
  bot.abort();
});

it('tells the ports of a node anew when one is added, before any link leads to it', () => {
  const bot = graph('ports', { clock: new VirtualClock() });
  const desk = defineNode({
    name: 'desk',
    inputs: {},
    outputs: { out: audioPort({ sampleRate: 16_000 }) },
    dynamicInputs: audioPort(),
    create: (_options: object) => ({ onFrame: (_port, frame) => frame.close() }),
  });
  const node = bot.add(desk());
  const observed = new ObservedGraph(1, bot);
  const out = { name: 'out', direction: 'out', format: 'audio 16000 Hz', linked: false };
  expect(observed.topology.nodes[0]!.ports).toEqual([out]);
  node.input('guest');
  expect(observed.look()).toBe(true);
  const guest = { name: 'guest', direction: 'in', format: 'audio', linked: false };
  expect(observed.topology.nodes[0]!.ports).toEqual([guest, out]);
  expect(observed.look()).toBe(false);
});

it('tells what core says of a graph, each fault once', async () => {
  const events: GraphEvent[] = [];
  const stop = watchEvents((event) => events.push(event));
  const bot = graph('events', { clock: new VirtualClock() });
  bot.from(fromTone({ sampleRate: 16_000 })).to({
    next: () => {
      throw new Error('it will not');
    },
  });
  await expect(bot.run()).rejects.toThrow('it will not');
  stop();
  const told = events.filter(({ name }) => name === 'events').map(({ kind, text }) => `${kind} ${text}`);
  expect(told[0]).toBe('status starting');
  expect(told.filter((line) => line.startsWith('error'))).toHaveLength(1);
  expect(told.find((line) => line.startsWith('status failed'))).toContain('it will not');
});

it('tells what options are where they are not given, by their paths', () => {
  const schema = {
    type: 'object',
    properties: {
      fadeMs: { type: 'number', default: 5 },
      room: { type: 'string' },
      ducking: { type: 'object', properties: { db: { type: 'number', default: -12 } } },
    },
  };
  expect(defaultsOf(schema)).toEqual({ fadeMs: 5, 'ducking.db': -12 });
  expect(defaultsOf({ anyOf: [] })).toEqual({});
});
