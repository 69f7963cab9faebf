import { expect, it } from 'vitest';
import type { InspectMessage } from '../protocol/messages.ts';
import { traceOf } from './trace-of.ts';

const node = (id: string) => ({ id, kind: 'operator', description: '', groups: [] });
const topology = {
  type: 'topology',
  revision: 2,
  graphs: [{ graph: 1, name: 'bot', nodes: [node('mic'), node('vad')], links: [{ id: 'mic->vad' }] }],
} as unknown as InspectMessage;

/** Frames that left `mic`, and whether it waits; what waits and was dropped on the link. */
function sample(t: number, frames: number, waiting: number, depthMs = 0, droppedFrames = 0): InspectMessage {
  const nodes = {
    framesIn: [0, frames],
    framesOut: [frames, 0],
    waiting: [waiting, 0],
    paused: [0, 0],
    p50: [5, 9],
    p99: [8, 20],
  };
  return {
    type: 'sample',
    t,
    revision: 2,
    graphs: [
      {
        graph: 1,
        states: ['running', 'running'],
        nodes,
        links: { depthMs: [depthMs], droppedFrames: [droppedFrames] },
      },
    ],
    process: { cpu: 0.125, rssMb: 80, lagMs: 1, gcMs: 2.5 },
  } as unknown as InspectMessage;
}

const zero = Date.UTC(2026, 0, 1);

it('tells when each node worked and waited, what links held, and what happened', () => {
  const { traceEvents, otherData } = traceOf([
    { type: 'hello', program: 'bot.js' } as InspectMessage,
    topology,
    sample(zero, 0, 0),
    sample(zero + 200, 10, 0),
    sample(zero + 400, 20, 0, 40),
    { type: 'event', t: zero + 450, graph: 1, kind: 'error', node: 'vad', text: 'it broke', code: 'SLUICE_X' },
    sample(zero + 600, 20, 1, 40, 3),
    sample(zero + 800, 30, 1, 0, 3),
  ]);
  const names = new Map(
    traceEvents.filter(({ ph }) => ph === 'M').map(({ pid, tid, args }) => [`${pid}/${tid}`, args!.name]),
  );
  const done = traceEvents
    .filter(({ ph }) => ph === 'X')
    .map(({ pid, tid, name, ts, dur, args }) => [names.get(`${pid}/${tid}`), name, ts, dur, args!.framesOut]);
  expect(done).toEqual([
    ['mic', 'works', 0, 400_000, 20],
    ['vad', 'works', 0, 400_000, 0],
    ['vad', 'idle', 400_000, 200_000, 0],
    ['mic', 'waits for room', 400_000, 400_000, 10],
    ['vad', 'works', 600_000, 200_000, 0],
  ]);
  const curve = (name: string) =>
    traceEvents.filter((event) => event.name === name).map(({ ts, args }) => [ts, args!.value]);
  expect(curve('mic->vad queued ms')).toEqual([
    [400_000, 40],
    [800_000, 0],
  ]);
  expect(curve('mic->vad dropped')).toEqual([[600_000, 3]]);
  expect(curve('CPU %')[0]).toEqual([0, 12.5]);
  expect(curve('GC ms/s')[0]).toEqual([0, 2.5]);
  expect(traceEvents.find(({ name }) => name === 'error')).toMatchObject({
    ph: 'i',
    ts: 450_000,
    args: { text: 'it broke' },
  });
  expect([names.get('1/0'), names.get('2/0'), otherData.startedAt]).toEqual([
    'process bot.js',
    'graph bot',
    '2026-01-01T00:00:00.000Z',
  ]);
});

it('has a thread for each voice, and one for the ways of replies', () => {
  const steps = [
    { name: 'last voiced', owner: 'turn', atMs: 1_000 },
    { name: 'first token', owner: 'model', atMs: 1_400 },
  ];
  const { traceEvents } = traceOf([
    topology,
    sample(zero, 0, 0),
    {
      type: 'talk',
      graph: 1,
      zero,
      entries: [
        { type: 'line', id: 't1', who: 'person', text: 'hello', startMs: 200, endMs: 1_000, words: [] },
        { type: 'turn', asked: 't1', reply: 'r1', steps, interrupted: false },
        { type: 'mark', kind: 'interrupted', text: '', atMs: 1_500 },
      ],
    },
  ]);
  const threads = traceEvents.filter(({ name }) => name === 'thread_name').map(({ args }) => args!.name);
  expect(threads).toEqual(['person', 'reply', 'agent']);
  expect(traceEvents.find(({ name }) => name === 'hello')).toMatchObject({ ts: 200_000, dur: 800_000 });
  expect(traceEvents.find(({ name }) => name === 'model: first token')).toMatchObject({ ts: 1_000_000, dur: 400_000 });
  expect(traceEvents.find(({ name }) => name === 'interrupted')).toMatchObject({ ph: 'i', ts: 1_500_000 });
});

it('makes nothing of nothing', () => {
  expect(traceOf([]).traceEvents).toHaveLength(1);
});
