import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChildHost } from '../src/host/child/child-host.ts';
import type { HostDeath, MediaHost } from '../src/host/media-host.ts';
import { runNegotiation } from './negotiations.ts';

/** More of them: SLUICE_RUNS=500 SLUICE_SEED=1 npx vitest run packages/transport/test/negotiations.test.ts */
const { SLUICE_RUNS = '10', SLUICE_SEED = '1' } = process.env;
const AT_ONCE = 5;

let host: MediaHost;
const deaths: HostDeath[] = [];

beforeAll(() => {
  host = createChildHost();
  host.onDown((death) => deaths.push(death));
});
afterAll(() => host.close());

test('two that offer, turn, rename and lose at any moment agree in the end, over the engine', {
  timeout: 0,
}, async () => {
  const seeds = Array.from({ length: Number(SLUICE_RUNS) }, (_, index) => Number(SLUICE_SEED) + index);
  const broken: { seed: number; faults: string[] }[] = [];
  const next = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const faults = await runNegotiation(host, seed);
      if (faults.length > 0) broken.push({ seed, faults });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  expect(broken).toEqual([]);
  expect(deaths).toEqual([]);
});
