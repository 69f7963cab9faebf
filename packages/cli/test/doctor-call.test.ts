import { expect, it } from 'vitest';
import { hearOneself } from '../src/machine/hear-oneself.ts';

it('the doctor hears its own tone through a call', async () => {
  const { hz, latencyMs } = await hearOneself(AbortSignal.timeout(30_000));
  expect(hz).toBe(440);
  expect(latencyMs).toBeGreaterThan(0);
});
