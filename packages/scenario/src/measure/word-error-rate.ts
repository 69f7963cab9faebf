import type { LogEntry } from '@sluice/nodes';
import { COUGH, type SaidLine } from './said-line.ts';
import { wordErrors, wordsOf } from './word-errors.ts';

/** Of what people said, as the log has it, 0 for nothing; each for themselves where the log knows them by name. */
export function wordErrorRate(said: readonly SaidLine[], entries: readonly LogEntry[]): number {
  const lines = said.filter(({ text }) => text !== COUGH);
  const heard = entries.filter(({ who }) => who === 'person');
  const people = new Set(lines.map(({ who }) => who));
  const nameOf = ({ speaker, speakerName = speaker }: LogEntry) => speakerName;
  const isApart = heard.every((entry) => people.has(nameOf(entry) ?? ''));
  const groups = isApart ? [...people] : [undefined];
  const errors = groups.map((name) =>
    wordErrors(
      textOf(lines.filter(({ who }) => name === undefined || who === name)),
      textOf(heard.filter((entry) => name === undefined || nameOf(entry) === name)),
    ),
  );
  const words = wordsOf(textOf(lines)).length;
  return words === 0 ? 0 : errors.reduce((sum, one) => sum + one, 0) / words;
}

function textOf(lines: readonly { readonly text: string }[]): string {
  return lines.map(({ text }) => text).join(' ');
}
