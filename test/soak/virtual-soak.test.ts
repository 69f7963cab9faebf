import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runVirtualSoak } from './virtual/run-virtual-soak.ts';

const { SLUICE_SEED, SLUICE_MINUTES, SLUICE_REPORT } = process.env;
const SEED = Number(SLUICE_SEED ?? 7);

if (SLUICE_MINUTES !== undefined)
  it(`holds for ${SLUICE_MINUTES} virtual minutes`, { timeout: 0 }, async () => {
    const begun = performance.now();
    const report = await runVirtualSoak({
      minutes: Number(SLUICE_MINUTES),
      seed: SEED,
      onMinute: (minute, broken) => {
        if (minute % 60 === 0)
          process.stdout.write(`${minute / 60} h, ${Math.round((performance.now() - begun) / 1_000)} s\n`);
        for (const what of broken) process.stdout.write(`minute ${minute}: ${what}\n`);
      },
    });
    if (SLUICE_REPORT !== undefined) writeFileSync(SLUICE_REPORT, JSON.stringify(report));
    expect(report.broken).toEqual([]);
  });
else
  it('holds every law through six virtual minutes of faults, and does the same again', {
    timeout: 120_000,
  }, async () => {
    const report = await runVirtualSoak({ minutes: 6, seed: SEED });
    expect(report.broken).toEqual([]);
    const again = await runVirtualSoak({ minutes: 6, seed: SEED });
    expect({ ...again, heapBytes: 0 }).toEqual({ ...report, heapBytes: 0 });
  });
