import type { LogEntry } from '@sluice/nodes';
import { expect, it } from 'vitest';
import { COUGH, type SaidLine } from './said-line.ts';
import { wordErrorRate } from './word-error-rate.ts';

const said = (who: string, text: string): SaidLine => ({ who, text, startMs: 0, endMs: 0, bargeIn: false });
const heard = (speaker: string, text: string) => ({ who: 'person', speaker, text }) as LogEntry;

it.each([
  ['nothing', [], [], 0],
  ['one', [said('person', 'one two'), said('person', 'three, four.')], [heard('person', 'One two three')], 0.25],
  ['a cough', [said('person', COUGH), said('person', 'one')], [heard('person', 'one')], 0],
  ['what nobody said', [said('person', 'one')], [heard('person', 'one two three')], 2],
  [
    'two, each for themselves',
    [said('anna', 'one two'), said('ben', 'three four')],
    [heard('ben', 'three four'), heard('anna', 'one')],
    0.25,
  ],
  ['two, whom the agent cannot tell apart', [said('anna', 'one'), said('ben', 'two')], [heard('person', 'one two')], 0],
])('of %s', (_, lines, entries, rate) => {
  expect(wordErrorRate(lines, entries)).toBe(rate);
});
