import { graph, type NodeSnapshot } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fromTone, gain, toNull } from '@sluice/nodes';
import { describe, expect, it } from 'vitest';
import { type GraphEvent, watchEvents } from './graph-events.ts';
import { ObservedGraph } from './observed-graph.ts';
import { takeApart } from './take-apart.ts';

describe('a problem, taken apart', () => {
  const node = (id: string, more: Partial<NodeSnapshot> = {}) => ({ id, ...more }) as NodeSnapshot;

  it('has the culprit, what happened and what to do', () => {
    const sentence = '`mic` dropped 14 frames (280 ms) before `vad`: `vad` is down; raise the capacity of the link';
    expect(takeApart(sentence, [node('vad'), node('mic')])).toEqual({
      text: '`mic` dropped 14 frames (280 ms) before `vad`: `vad` is down',
      fix: 'raise the capacity of the link',
      node: 'mic',
    });
  });

  it('has the code of the fault that it quotes, and leaves that whole', () => {
    const fault = { lastError: 'stt: no answer; received 500', lastErrorCode: 'SLUICE_NODE_FAILED' };
    expect(takeApart('`stt` failed: stt: no answer; received 500', [node('stt', fault)])).toEqual({
      text: '`stt` failed: stt: no answer; received 500',
      node: 'stt',
      code: 'SLUICE_NODE_FAILED',
    });
    expect(takeApart('nothing moves', [])).toEqual({ text: 'nothing moves' });
  });
});

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
