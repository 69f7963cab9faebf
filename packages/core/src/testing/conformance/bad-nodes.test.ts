import { describe, expect, it } from 'vitest';
import { badFlows } from '../../../test/bad-nodes/flows.ts';
import { badInterruptions } from '../../../test/bad-nodes/interruptions.ts';
import { badLives } from '../../../test/bad-nodes/lives.ts';
import { badMedia } from '../../../test/bad-nodes/media.ts';
import { conform, conformanceChecks } from './conform.ts';

const bad = [...badLives, ...badFlows, ...badInterruptions, ...badMedia];

describe('a node that breaks one rule', () => {
  it.each(bad)('$what: $breaks', async ({ breaks, make, profile = {}, also = {} }) => {
    const { passed, checks } = await conform(make, { kind: 'node', profile });
    const failed = checks.filter((one) => !one.passed && one.skipped === undefined);
    expect(failed.map(({ name }) => name).sort()).toEqual([breaks, ...Object.keys(also)].sort());
    for (const { message } of failed) expect(message).toMatch(/\w{4}/);
    expect(passed).toBe(false);
  });

  it('is there for every check but one that another stands for', () => {
    const names = conformanceChecks({ kind: 'node' }).map(({ name }) => name);
    const broken = new Set(bad.map(({ breaks }) => breaks));
    expect(names.filter((name) => !broken.has(name))).toEqual(['ends in order after 7 frames']);
  });
});
