import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { failureText } from '../explore-block.ts';
import { exploreCalls } from './explore-calls.ts';

const { SLUICE_SEED, SLUICE_RUNS, SLUICE_PARALLEL, SLUICE_REPORT } = process.env;
const SEED = Number(SLUICE_SEED ?? 7);

if (SLUICE_RUNS !== undefined)
  it(`survives ${SLUICE_RUNS} sequences over calls`, { timeout: 0 }, async () => {
    const begun = performance.now();
    const explored = await exploreCalls({
      seed: SEED,
      runs: Number(SLUICE_RUNS),
      parallel: Number(SLUICE_PARALLEL ?? 4),
      most: 14,
      onDone: (done, failed) => {
        const seconds = Math.round((performance.now() - begun) / 1_000);
        process.stdout.write(`${done} of ${SLUICE_RUNS} calls, ${seconds} s\n`);
        if (failed !== undefined) process.stdout.write(failureText(failed));
      },
    });
    if (SLUICE_REPORT !== undefined) writeFileSync(SLUICE_REPORT, JSON.stringify(explored));
    expect(explored).toMatchObject({ failures: [], leaks: [] });
  });
else
  it('answers the next turn over a real call whose network, engine and models fail', {
    timeout: 60_000,
  }, async () => {
    expect(await exploreCalls({ seed: SEED, runs: 2, parallel: 2, most: 4 })).toMatchObject({
      runs: 2,
      failures: [],
      leaks: [],
    });
  });
