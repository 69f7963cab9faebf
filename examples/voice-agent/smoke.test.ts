import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordErrors } from '@sluice/scenario';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';
import { answerTo, notUnderstood } from './answers.ts';
import { inWords, isCounting, lastNumberIn } from './numbers.ts';

let smoke: Smoke;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(() => smoke.close());

it('holds a conversation with a synthesized person, and knows what was heard', {
  timeout: 120_000,
}, async () => {
  const run = smoke.startAlone('voice-agent', '--simulate', '--short');
  await run.ended();
  const told = run.output.toString();
  const file = (ending: string) => join(smoke.directory, 'out', `agent.${ending}`);
  const report = JSON.parse(readFileSync(file('json'), 'utf8'));
  // How soon and how evenly a shared machine plays is no matter of tests; what was said and heard is.
  expect(told).not.toMatch(/nobody answered/);
  expect(report.turns.length, told).toBe(8);
  expect(report.bargeIn.count, told).toBeGreaterThanOrEqual(3);
  expect(report.transcript.wordErrors, told).toBeLessThanOrEqual(4);
  const log = readFileSync(file('jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const cut = log.filter(({ interrupted }) => interrupted);
  expect(cut.length, told).toBeGreaterThanOrEqual(2);
  for (const { text, planned } of cut) expect(planned.startsWith(text)).toBe(true);
  expect([existsSync(file('wav')), existsSync(file('png'))]).toEqual([true, true]);
});

it('counts on where it was heard', () => {
  const heard = [
    { role: 'user', text: 'count for me' },
    { role: 'assistant', text: 'one, two, three, four, five. six,' },
    { role: 'user', text: 'stop' },
    { role: 'assistant', text: 'Okay.' },
    { role: 'user', text: 'go on' },
  ] as const;
  expect(answerTo(heard)).toMatchObject({ say: expect.stringMatching(/^seven, eight/) });
  expect(answerTo([{ role: 'user', text: 'what is love' }])).toEqual({ say: notUnderstood });
  expect(answerTo([{ role: 'user', text: 'set timer for ten seconds' }])).toMatchObject({ arguments: { seconds: 10 } });
  expect(answerTo([{ role: 'user', text: 'set a timer for twenty seconds' }])).toMatchObject({
    arguments: { seconds: 20 },
  });
  expect([inWords(7), inWords(40), inWords(99)]).toEqual(['seven', 'forty', 'ninety-nine']);
  expect(lastNumberIn('twenty, twenty-one')).toBe(21);
  expect([isCounting('one, two.'), isCounting('A timer for ten'), isCounting('')]).toEqual([true, false, false]);
  expect([wordErrors('a b c', 'a c'), wordErrors('', 'x y'), wordErrors('A.', 'a')]).toEqual([1, 2, 0]);
});
