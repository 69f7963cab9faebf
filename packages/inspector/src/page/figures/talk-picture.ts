import type { TalkEntry, TalkLine, TalkMark, TalkTurn } from '@sluice/core/voice';
import { endOf } from './talk-log.ts';

/** When a voice was heard. */
export interface Voiced {
  readonly from: number;
  /** undefined: it still is. */
  readonly to: number | undefined;
}

/** A voice over time. */
export interface Lane {
  readonly name: string;
  readonly agent: boolean;
  readonly voiced: readonly Voiced[];
  readonly lines: readonly TalkLine[];
}

/** What somebody said, what was replied, and how that came about. Any of them may be missing. */
export interface Exchange {
  readonly key: string;
  readonly asked: TalkLine | undefined;
  readonly reply: TalkLine | undefined;
  readonly turn: TalkTurn | undefined;
  /** When it begins. */
  readonly from: number;
}

/** A conversation up to a moment, as it is drawn. */
export interface TalkPicture {
  readonly lanes: readonly Lane[];
  readonly exchanges: readonly Exchange[];
  readonly marks: readonly TalkMark[];
  /** What the agent did last: `listening`, `thinking`, `speaking`. */
  readonly state: string | undefined;
  readonly from: number;
}

/** Puts together what was said until `until`, in milliseconds since 1970; undefined for all of it. */
export function talkPicture(all: readonly TalkEntry[], until?: number): TalkPicture {
  const entries = until === undefined ? all : all.filter((entry) => endOf(entry) <= until);
  const lines = entries
    .filter((entry) => entry.type === 'line')
    .sort((a, b) => (a.startMs ?? a.endMs ?? 0) - (b.startMs ?? b.endMs ?? 0));
  const marks = entries.filter((entry) => entry.type === 'mark');
  const state = marks.findLast(({ kind }) => kind === 'state')?.text;
  return {
    lanes: lanesOf(entries, lines, state),
    exchanges: exchangesOf(entries, lines),
    marks: marks.filter(({ kind }) => kind !== 'state'),
    state,
    from: Math.min(...entries.map((entry) => (entry.type === 'line' ? (entry.startMs ?? endOf(entry)) : endOf(entry)))),
  };
}

function lanesOf(entries: readonly TalkEntry[], lines: readonly TalkLine[], state: string | undefined): Lane[] {
  const spoken = lines.filter(({ startMs }) => startMs !== undefined);
  const people = new Map<string, Voiced[]>();
  for (const entry of entries) {
    if (entry.type !== 'speech') continue;
    const voiced = people.get(entry.speaker) ?? [];
    people.set(entry.speaker, voiced);
    const open = voiced.at(-1);
    if (entry.speaking) voiced.push({ from: entry.atMs, to: undefined });
    else if (open !== undefined) voiced[voiced.length - 1] = { ...open, to: entry.atMs };
  }
  for (const { who, speaker } of spoken)
    if (who === 'person' && !people.has(speaker ?? 'person')) people.set(speaker ?? 'person', []);
  const lanes = [...people].map(([name, voiced]) => ({
    name,
    agent: false,
    voiced,
    lines: spoken.filter(({ who, speaker = 'person' }) => who === 'person' && speaker === name),
  }));
  const own = spoken.filter(({ who }) => who === 'agent');
  const voiced: Voiced[] = own.map(({ startMs, endMs }) => ({ from: startMs!, to: endMs }));
  const speaks = entries.findLast((entry) => entry.type === 'mark' && entry.kind === 'state');
  if (state === 'speaking' && speaks?.type === 'mark') voiced.push({ from: speaks.atMs, to: undefined });
  return [...lanes, { name: 'agent', agent: true, voiced, lines: own }];
}

function exchangesOf(entries: readonly TalkEntry[], lines: readonly TalkLine[]): Exchange[] {
  const byId = new Map(lines.map((line) => [line.id, line]));
  const turns = entries.filter((entry) => entry.type === 'turn');
  const asked = new Map(turns.map((turn) => [turn.asked, turn]));
  const replies = new Set(turns.map(({ reply }) => reply));
  return lines.flatMap((line) => {
    if (replies.has(line.id)) return [];
    const turn = asked.get(line.id);
    const isReply = line.who !== 'person';
    return {
      key: line.id,
      asked: isReply ? undefined : line,
      reply: isReply ? line : turn && byId.get(turn.reply),
      turn,
      from: line.startMs ?? line.endMs ?? 0,
    };
  });
}

/** What was to be said and nobody heard; undefined where nothing is missing. */
export function lostOf({ text, planned, interrupted }: TalkLine): string | undefined {
  if (interrupted !== true || planned === undefined) return undefined;
  const rest = planned.startsWith(text) ? planned.slice(text.length) : planned;
  return rest.trim() === '' ? undefined : rest.trim();
}

/** From the last voiced sample to the first audible one, in milliseconds; undefined for what nobody heard. */
export function latencyOf({ steps }: TalkTurn): number | undefined {
  const [first, last] = [steps[0], steps.at(-1)];
  return first === undefined || last?.owner !== 'device' ? undefined : last.atMs - first.atMs;
}

/** The middle one of some numbers; undefined for none. */
export function medianOf(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
