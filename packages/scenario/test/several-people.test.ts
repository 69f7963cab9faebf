import { runScenario } from '@sluice/scenario';
import { expect, it } from 'vitest';
import { meeting, seen } from './meeting.scenario.ts';

it('hears each of several people, answers them or leaves them alone, and knows who spoke over whom', async () => {
  const { error, metrics, timeline } = await runScenario(meeting);
  const told = timeline.join('\n');
  expect(error, told).toBeUndefined();
  expect(seen.slice(0, 4)).toEqual(['anna joined', 'ben joined', 'carl joined', 'carl left']);
  expect(metrics).toMatchObject({ turns: 3, bargeIns: 0, voiceToVoiceMs: { count: 2 } });
  // Ben begins 800 ms before anna has ended, and has spoken for 850 ms.
  expect(Object.keys(metrics!.overlapMs)).toEqual(['ben over anna']);
  expect(metrics!.overlapMs['ben over anna']).toBeGreaterThan(700);
  expect(metrics!.overlapMs['ben over anna']).toBeLessThan(900);
  expect(told).toMatch(/log +ben, to somebody else, over anna \(\d+ ms\): and where is carl/);
  expect(told).toMatch(/log +agent, to anna: Hi anna\./);
});
