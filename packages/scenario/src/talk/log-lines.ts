import { invalidArgument } from '@sluice/core';
import type { LogEntry } from '@sluice/nodes';

/** A line of the agent's log as it is expected: `agent: Hello.`, a pattern for that form, or what it has at least. */
export type ExpectedLine = string | RegExp | Partial<LogEntry>;

/** `agent: One, two -`; the dash says that it was cut. */
export function showEntry({ who, text, interrupted }: LogEntry): string {
  return `${who}: ${text}${interrupted ? ' -' : ''}`;
}

export function isExpected(entry: LogEntry, expected: ExpectedLine): boolean {
  if (expected instanceof RegExp) return expected.test(showEntry(entry));
  if (typeof expected === 'string') return plain(showEntry(entry)) === plain(expected);
  return Object.entries(expected).every(([key, value]) => entry[key as keyof LogEntry] === value);
}

export function showExpected(expected: ExpectedLine): string {
  return typeof expected === 'object' && !(expected instanceof RegExp) ? JSON.stringify(expected) : String(expected);
}

/** Whether a text has what is looked for, whatever its case and stops. */
export function hasWords(text: string, looked: string | RegExp): boolean {
  return typeof looked === 'string' ? plain(text).includes(plain(looked)) : looked.test(text);
}

export function checkLooked(looked: unknown): void {
  if (!(looked instanceof RegExp) && (typeof looked !== 'string' || looked === ''))
    throw invalidArgument('what is to be heard', 'words or a regular expression', looked);
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}':-]+/gu, ' ')
    .trim();
}
