import { runScenario, scenario } from '@sluice/scenario';
import { Daily } from '@sluice/transport';
import { expect, it } from 'vitest';
import { first } from './first.scenario.ts';
import { meeting, seen } from './meeting.scenario.ts';
import { toneAgent } from './tone-agent.ts';

it('runs the same scenario in virtual time and over a real call', async () => {
  const virtual = await runScenario(first);
  expect(virtual.error).toBeUndefined();
  const real = await runScenario(first, { mode: 'real' });
  expect(real.error).toBeUndefined();
  const lines = ({ log }: typeof real) =>
    log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { who: string; interrupted?: boolean })
      .map(({ who, interrupted }) => `${who}${interrupted ? ' -' : ''}`);
  expect(lines(real)).toEqual(lines(virtual));
  expect(real.metrics).toMatchObject({ bargeIns: 1, turns: 3, silentWords: 0, lostPackets: 0 });
  // What it began it has ended.
  expect(() => Daily.devices).toThrow(expect.objectContaining({ code: 'SLUICE_NOT_INITIALIZED' }));
});

it('tells what a network loses of the voice, to the packet, and refuses what only virtual time can do', async () => {
  const lossy = scenario('loss', { agent: toneAgent }, async (talk) => {
    expect(() => talk.noise({ snrDb: 10 })).toThrow(expect.objectContaining({ code: 'SLUICE_SCENARIO_MODE' }));
    await talk.say('count');
    // What was said is heard, and the way back is not yet taken.
    await talk.wait(150);
    talk.network.loss(0.05);
    await talk.expectLog(['person: count', /^agent: One/]);
  });
  const { error, metrics, timeline } = await runScenario(lossy, { mode: 'real' });
  expect(error).toBeUndefined();
  // Of 150 packets of voice.
  expect(metrics!.lostPackets).toBeGreaterThan(0);
  expect(metrics!.concealedMs).toBeGreaterThan(0);
  expect(metrics!.glitches).toBeGreaterThan(0);
  expect(timeline.join('\n')).toMatch(/person +misses \d+ ms of the agent/);
});

it('tells of several people in a call in the order in which they came and went, and who spoke over whom', async () => {
  const { error, metrics, timeline } = await runScenario(meeting, { mode: 'real' });
  expect(error, timeline.join('\n')).toBeUndefined();
  expect(seen.slice(0, 4)).toEqual(['anna joined', 'ben joined', 'carl joined', 'carl left']);
  expect(metrics).toMatchObject({ turns: 3, bargeIns: 0, lostPackets: 0 });
  expect(metrics!.overlapMs['ben over anna']).toBeGreaterThan(300);
  expect(timeline.join('\n')).toMatch(/log +ben, to somebody else, over anna/);
});
