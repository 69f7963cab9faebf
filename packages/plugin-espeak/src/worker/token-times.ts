import type { TokenTime } from '../messages.ts';
import { type Span, soundWithin } from './sound-within.ts';

/** An event as espeak tells it; times in milliseconds from the first sample. */
export interface EspeakEvent {
  readonly type: string;
  readonly audio_position: number;
  /** Of a mark, its name. */
  readonly id?: unknown;
}

/**
 * When tokens sound, from the marks that stand before them: espeak's own words are not the text's, and their positions
 * creep. Three things are made good. A mark after the end of a sentence may not be told; the sentence is. Words that
 * espeak speaks as one ("of the") share their time by their letters. Pauses are cut off by the sound itself.
 */
export function tokenTimes(
  events: readonly EspeakEvent[],
  tokens: readonly string[],
  samples: Int16Array,
  sampleRate: number,
): TokenTime[] {
  const starts = startsOf(events, tokens.length);
  const until = (samples.length * 1_000) / sampleRate;
  return groupsOf(starts, until).flatMap(({ members, startMs, endMs }) => {
    const sound = soundWithin(samples, sampleRate, { startMs, endMs });
    return sound === undefined ? [] : shares(members, tokens, sound);
  });
}

/** The start of each token; what is not known is as the next. */
function startsOf(events: readonly EspeakEvent[], count: number): (number | undefined)[] {
  const starts = new Array<number | undefined>(count);
  let next = 0;
  let last = -1;
  let sentences: number[] = [];
  /** Sentences that began without a mark, for the tokens whose marks are missing. */
  const fill = (end: number) => {
    for (const at of sentences) if (next < end) starts[next++] = at;
    sentences = [];
    next = end;
  };
  for (const { type, audio_position: at, id } of events) {
    if (type === 'sentence' && at !== last) sentences.push(at);
    if (type !== 'mark') continue;
    const token = Number(id);
    fill(token);
    starts[token] = at;
    last = at;
    next = token + 1;
  }
  fill(count);
  return starts;
}

interface Group extends Span {
  readonly members: number[];
}

/** Tokens that share a stretch of time: one that has none goes with the one before it. */
function groupsOf(starts: readonly (number | undefined)[], until: number): Group[] {
  const groups: { members: number[]; startMs: number; endMs: number }[] = [];
  for (const [token, start] of starts.entries()) {
    const endMs = starts.slice(token + 1).find((one) => one !== undefined) ?? until;
    const startMs = start ?? endMs;
    const last = groups.at(-1);
    if (last === undefined || (last.endMs > last.startMs && endMs > startMs))
      groups.push({ members: [token], startMs, endMs });
    else {
      last.members.push(token);
      last.endMs = Math.max(last.endMs, endMs);
    }
  }
  return groups;
}

function shares(members: readonly number[], tokens: readonly string[], { startMs, endMs }: Span): TokenTime[] {
  const letters = members.reduce((total, token) => total + tokens[token]!.length, 0);
  let at = startMs;
  return members.map((token) => {
    const start = at;
    at += ((endMs - startMs) * tokens[token]!.length) / letters;
    return { token, startMs: start, endMs: at };
  });
}
