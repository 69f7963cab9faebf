import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { GcPauses } from './gc-pauses.ts';
import { ProcessVitals } from './process-vitals.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects garbage, and lets Node tell of it. */
async function pause(): Promise<void> {
  collect();
  for (let turn = 0; turn < 4; turn++) await nextTurn();
}

it('counts pauses from when it watches until it rests, and again', async () => {
  const pauses = new GcPauses();
  await pause();
  expect(pauses.take()).toBe(0);
  pauses.watch();
  pauses.watch();
  await pause();
  expect(pauses.take()).toBeGreaterThan(0);
  expect(pauses.take()).toBe(0);
  pauses.rest();
  await pause();
  expect(pauses.take()).toBe(0);
  pauses.watch();
  await pause();
  pauses.rest();
  expect(pauses.take()).toBeGreaterThan(0);
});

it('is told with what the process takes, by the second, and of what was before somebody looked nothing', async () => {
  let now = 0;
  const vitals = new ProcessVitals(() => now);
  expect(vitals.take(0).gcMs).toBe(0);
  await pause();
  now = 2_000;
  const { gcMs } = vitals.take(0);
  expect(gcMs).toBeGreaterThan(0);
  now = 2_200;
  expect(vitals.take(0).gcMs).toBe(gcMs);
  vitals.rest();
  await pause();
  now = 60_000;
  expect(vitals.take(0).gcMs).toBe(0);
});
