import { invalidArgument } from '@sluice/core';
import type { LogEntry } from '@sluice/nodes';

/**
 * A line of the agent's log as it is expected: `agent: Hello.`, a pattern for that form, or what it has at least, with
 * patterns for texts: `{ speaker: 'ben', addressed: true, over: [{ speaker: 'anna' }] }`.
 */
export type ExpectedLine = string | RegExp | ExpectedParts<LogEntry>;

type ExpectedParts<T> = T extends string
  ? T | RegExp
  : T extends object
    ? { readonly [K in keyof T]?: ExpectedParts<T[K]> }
    : T;

/** `agent: One, two -`, where the dash says that it was cut, and `anna: hello` where the agent tells people apart. */
export function showEntry({ who, speaker, speakerName = speaker, text, interrupted }: LogEntry): string {
  return `${who === 'person' ? (speakerName ?? who) : who}: ${text}${interrupted ? ' -' : ''}`;
}

/** The same with whom it was said to, and over whom: `anna, to somebody else, over ben (640 ms): hello`. */
export function showWhole(entry: LogEntry): string {
  const { who, addressed, to, over = [] } = entry;
  const notes = [
    ...(who === 'person' && addressed === false ? ['to somebody else'] : []),
    ...(to === undefined || to === 'person' ? [] : [`to ${to}`]),
    ...over.map(({ speaker, ms }) => `over ${speaker} (${Math.round(ms)} ms)`),
  ];
  return showEntry(entry).replace(/^[^:]*/, (name) => [name, ...notes].join(', '));
}

export function isExpected(entry: LogEntry, expected: ExpectedLine): boolean {
  if (expected instanceof RegExp) return expected.test(showEntry(entry));
  if (typeof expected === 'string') return plain(showEntry(entry)) === plain(expected);
  return hasParts(entry, expected);
}

/** Whether it has what is expected, inside of what it holds too; a list has as many. */
function hasParts(is: unknown, expected: unknown): boolean {
  if (expected instanceof RegExp) return typeof is === 'string' && expected.test(is);
  if (typeof expected !== 'object' || expected === null) return is === expected;
  if (typeof is !== 'object' || is === null) return false;
  if (Array.isArray(expected) && (is as unknown[]).length !== expected.length) return false;
  return Object.entries(expected).every(([key, value]) => hasParts((is as Record<string, unknown>)[key], value));
}

export function showExpected(expected: ExpectedLine): string {
  return typeof expected === 'object' && !(expected instanceof RegExp)
    ? JSON.stringify(expected, (_, value: unknown) => (value instanceof RegExp ? String(value) : value))
    : String(expected);
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
