import { nearestName } from '@sluice/core';
import { wrongUsage } from '../errors.ts';
import type { SoundFigures } from '../sound/measure-sound.ts';
import { durationMs } from '../terms/duration.ts';
import type { Replayed } from './replayed.ts';

/** What somebody expects of a replay: undefined where it came true, else a sentence. */
export type Expectation = (replayed: Replayed, differences: number) => string | undefined;

type Compare = (is: number, wanted: number) => boolean;
const comparisons: Readonly<Record<string, Compare>> = {
  '<=': (is, wanted) => is <= wanted,
  '>=': (is, wanted) => is >= wanted,
  '<': (is, wanted) => is < wanted,
  '>': (is, wanted) => is > wanted,
  '=': (is, wanted) => is === wanted,
};

interface Figure {
  readonly unit: string;
  readonly of: (sound: SoundFigures) => number;
  /** What counts as the same; without it nothing else does. */
  readonly within?: (wanted: number) => number;
}

/** Of the sound that a sink was given. Silence is below every level. */
const figures: Readonly<Record<string, Figure>> = {
  duration: { unit: 'ms', of: ({ seconds }) => seconds * 1_000 },
  level: { unit: ' dBFS', of: ({ rmsDbfs }) => rmsDbfs ?? Number.NEGATIVE_INFINITY },
  peak: { unit: ' dBFS', of: ({ peakDbfs }) => peakDbfs ?? Number.NEGATIVE_INFINITY },
  gaps: { unit: '', of: ({ gaps }) => gaps.count },
  'longest-gap': { unit: 'ms', of: ({ gaps }) => gaps.longestMs },
  clipped: { unit: ' samples', of: ({ clipped }) => clipped },
  tone: { unit: ' Hz', of: ({ tone }) => tone?.hz ?? 0, within: (wanted) => wanted / 100 },
};
const words = ['heard', 'said'] as const;
const names = ['same', ...Object.keys(figures), ...words];

/** How they are written, for the help. */
export const EXPECTATIONS = `same; ${Object.keys(figures).join(', ')} with =, <, >, <= or >=, of one sink with @name; heard~words, said~words`;

/**
 * Reads what is expected: `same`, `gaps=0`, `duration@out>=2s`, `level>-30`, `said~good morning`.
 *
 * @throws SLUICE_CLI_USAGE for what cannot be expected
 */
export function expectationOf(text: string): Expectation {
  if (text === 'same') return (_, differences) => (differences === 0 ? undefined : `same: ${differences} differences`);
  const [, name = text, sink, operator = '', wanted = ''] =
    /^([a-z-]+)(?:@([^<>=~]+))?(<=|>=|[<>=~])(.+)$/.exec(text) ?? [];
  const spoken = words.find((one) => one === name);
  if (spoken !== undefined && operator === '~' && sink === undefined) return wordsExpected(spoken, wanted);
  const figure = Object.hasOwn(figures, name) ? figures[name] : undefined;
  const compare = comparisons[operator];
  if (figure === undefined || compare === undefined) throw unknown(text, name);
  return soundExpected(text, figure, {
    sink,
    compare: (is, limit) => compare(is, limit),
    isEqual: operator === '=',
    limit: limitOf(name, figure, wanted),
  });
}

function wordsExpected(of: (typeof words)[number], wanted: string): Expectation {
  const plain = (line: string) => line.toLowerCase().replace(/\s+/g, ' ').trim();
  return (replayed) => {
    const all = plain(replayed[of].join(' '));
    return all.includes(plain(wanted))
      ? undefined
      : `${of}~${wanted}: ${all === '' ? 'nothing' : JSON.stringify(all)} was ${of}`;
  };
}

interface Limit {
  readonly sink: string | undefined;
  readonly compare: Compare;
  readonly isEqual: boolean;
  readonly limit: number;
}

/** Each sink that was given sound has to keep it, or the one that is named. */
function soundExpected(
  text: string,
  { of, unit, within }: Figure,
  { sink, compare, isEqual, limit }: Limit,
): Expectation {
  const holds = (is: number) =>
    isEqual && within !== undefined ? Math.abs(is - limit) <= within(limit) : compare(is, limit);
  return ({ sound }) => {
    const sinks = Object.entries(sound).filter(([end]) => sink === undefined || end === sink);
    if (sinks.length === 0) return `${text}: ${sink ?? 'no sink'} was ${sink === undefined ? '' : 'not '}given sound`;
    const wrong = sinks.filter(([, one]) => !holds(of(one)));
    if (wrong.length === 0) return undefined;
    return `${text}: ${wrong.map(([end, one]) => `${end} has ${Math.round(of(one) * 100) / 100}${unit}`).join(', ')}`;
  };
}

function limitOf(name: string, { unit }: Figure, text: string): number {
  if (unit === 'ms') return durationMs(`assert ${name}`, text)!;
  if (!/^-?\d+(\.\d+)?$/.test(text))
    throw wrongUsage(`--assert ${name} takes a number, not ${text}`, 'sluice replay --help');
  return Number(text);
}

function unknown(text: string, name: string): Error {
  const near = names.includes(name) ? undefined : nearestName(name, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return wrongUsage(
    `--assert ${text} cannot be expected${hint === '' ? '.' : hint} There is ${EXPECTATIONS}`,
    'sluice docs sessions',
  );
}
