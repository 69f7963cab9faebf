import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

interface Line {
  readonly who: string;
  readonly from?: string;
  readonly to?: string;
  readonly addressed?: boolean;
  readonly text: string;
}

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

// What a busy machine does to a call passes: once more then.
it('answers who means it, knows who spoke, and does not talk for ever', { timeout: 90_000 }, async () => {
  const run = smoke.startAlone('panel', '--turns', '1');
  expect(await run.ended(), run.said).toBe(0);
  const told = run.output.toString();
  const report = JSON.parse(readFileSync(join(smoke.directory, 'out/panel.json'), 'utf8'));
  const [ada, max]: Line[][] = [report.ada, report.max];
  const said = (lines: Line[] | undefined, to: string) =>
    lines!.filter((line) => line.who === 'agent' && line.to === to).map(({ text }) => text);
  expect(said(ada, 'Bob')[0], told).toBe('Max, your turn please.');
  expect(said(max, 'Ada'), told).toContain('Ada, thank you very much.');
  // Bob left in the middle of it, and came back.
  expect(report.left, told).toBeGreaterThanOrEqual(2);
  expect(said(ada, 'Eve'), told).toEqual([
    'There was a cat who lived in a house by the sea, and it had a friend on every boat.',
  ]);
  expect(said(max, 'Bob').join(), told).toMatch(/I heard Bob and .*Eve/);
  // Nobody is answered who spoke to the other.
  expect(said(max, 'Eve'), told).toEqual([]);
  // What was heard of the one is what the other said.
  expect(max!.some(({ from, addressed, text }) => from === 'Ada' && addressed && text === 'max your turn please')).toBe(
    true,
  );
  // Once after each of three things that people say.
  for (const replies of [said(ada, 'Max'), said(max, 'Ada')]) expect(replies.length, told).toBeLessThanOrEqual(3);
  expect(report.cut, told).toBe(0);
});
