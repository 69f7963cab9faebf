import { expect, it } from 'vitest';
import type { Sample, Topology } from '../../protocol/messages.ts';
import { outlineOf } from '../talk/envelope.tsx';
import { Past } from './past.ts';
import { voiceLevels } from './voice-levels.ts';

const node = (id: string, kind = id) => ({ id, description: `${id} [${kind}]` });
const link = (from: string, to: string, format = 'audio s16 16000 Hz mono') => ({ from, to, format });
const topology = {
  type: 'topology',
  revision: 1,
  graphs: [
    {
      graph: 1,
      nodes: [
        node('call', 'fromParticipantAudio'),
        node('ear', 'vad'),
        node('say', 'speak'),
        node('out', 'toMicrophone'),
      ],
      links: [link('ear', 'say', 'text'), link('call', 'ear'), link('say', 'out')],
    },
  ],
} as unknown as Topology;
const sample = (t: number, ...level: (number | null)[]) =>
  ({
    t,
    process: { lagMs: 0 },
    graphs: [{ graph: 1, links: { depthMs: [], level } }],
  }) as unknown as Sample;

const past = new Past();
past.push(topology, sample(0, null, -20, null));
past.push(topology, sample(200, null, -70, -6));
past.push(topology, sample(1_000, null, null, -30));

it('tells how loud a voice was at each look: what goes to a device, what comes from a part of that name or into a detector', () => {
  expect(voiceLevels(past.moments, 1, { name: 'agent', agent: true })).toEqual([
    { t: 0, db: null },
    { t: 200, db: -6 },
    { t: 1_000, db: -30 },
  ]);
  const heard = [-20, -70, null];
  expect(voiceLevels(past.moments, 1, { name: 'call', agent: false }).map(({ db }) => db)).toEqual(heard);
  expect(voiceLevels(past.moments, 1, { name: 'Ada', agent: false }).map(({ db }) => db)).toEqual(heard);
  expect(voiceLevels(past.moments, 2, { name: 'agent', agent: true })).toEqual([]);
});

it('draws each look as long as it is, half as high for half the decibels, and nothing of silence and gaps', () => {
  const levels = [
    { t: 0, db: 0 },
    { t: 200, db: -30 },
    { t: 400, db: -80 },
    { t: 600, db: null },
    { t: 9_000, db: 0 },
  ];
  expect(outlineOf(levels, 0, 1_000)).toBe('M0.0 50v-25.0H200.0v25.0v25.0H0.0z');
  expect(outlineOf(levels, 5_000, 1_000)).toBe('');
});
