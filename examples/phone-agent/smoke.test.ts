import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Run } from '../smoke.ts';
import { Caller } from './caller.ts';

const runner = fileURLToPath(new URL('../../scripts/run-example.mjs', import.meta.url));
let run: Run;
beforeEach(() => {
  run = new Run(spawn(process.execPath, [runner, 'phone-agent']));
});
afterEach(() => run.child.kill('SIGKILL'));

it('answers a caller, is interrupted by voice and by key, and knows what was heard', { timeout: 90_000 }, async () => {
  const caller = await Caller.dial(await run.told(/at (ws:\S+)/));
  await run.told(/agent: (Good morning\.)/);
  await caller.says('who are you');
  await caller.hearsMore(3);
  expect(caller.clears).toBe(0);
  await caller.says('stop');
  await run.told(/agent: (I am an agent.*) -\n/);
  expect(caller.clears).toBeGreaterThan(0);
  const clears = caller.clears;
  await run.told(/agent: (Okay\.)/);
  await caller.says('what can you do');
  await caller.hearsMore(1);
  caller.press('5');
  await run.told(/(key 5)/);
  await run.told(/agent: (You pressed 5\.)/);
  expect(caller.clears).toBeGreaterThan(clears);
  await caller.hangUp();
  const heardMs = Number(await run.told(/over: (\d+) ms heard/));
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
  // Each interruption is known to a message of 20 ms of the far side, and so is the end.
  expect(Math.abs(heardMs - caller.playedMs), run.said).toBeLessThanOrEqual(20 * (caller.clears + 1));
  expect(run.said).not.toMatch(/problem|failed/);
});
