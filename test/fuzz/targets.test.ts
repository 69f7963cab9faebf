import { describe, expect, test } from 'vitest';
import { fuzz } from './fuzzer/fuzz.ts';
import { targets } from './targets.ts';

describe('a thousand changed inputs, the same each time', () => {
  test.each(Object.keys(targets))('%s gives values and errors of ours', async (name) => {
    const target = await targets[name]!();
    expect(target.name).toBe(name);
    const { findings, blocks, runs } = await fuzz(target, { runs: 1_000, seed: 1 });
    expect(findings.map(({ detail, input }) => [detail, Buffer.from(input).toString('base64')])).toEqual([]);
    expect(runs).toBe(1_000);
    expect(blocks).toBeGreaterThan(5);
  });
});
