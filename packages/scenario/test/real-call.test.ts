import { runScenario, scenario } from '@sluice/scenario';
import { Daily } from '@sluice/transport';
import { expect, it } from 'vitest';
import { first } from './first.scenario.ts';
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
  expect(real.metrics).toMatchObject({ bargeIns: 1, turns: 3, silentWords: 0 });
  // What it began it has ended.
  expect(() => Daily.devices).toThrow(expect.objectContaining({ code: 'SLUICE_NOT_INITIALIZED' }));
});

it('refuses in a real call what only virtual time can do', async () => {
  const noisy = scenario('noise', { agent: toneAgent }, async (talk) => talk.noise({ snrDb: 10 }));
  expect((await runScenario(noisy, { mode: 'real' })).error).toMatchObject({ code: 'SLUICE_SCENARIO_MODE' });
});
