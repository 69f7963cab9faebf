// What the recording says of the conversation, compared with what the agent's log says of it.
import type { LogEntry, Turn, TurnTrace } from '@sluice/nodes';
import { wordErrors } from '@sluice/scenario';
import { notUnderstood } from '../answers.ts';
import type { Conversation } from './conversation.ts';
import { readStereo } from './read-stereo.ts';
import { holesIn, matchSentence, type SentenceMatch } from './sentence-match.ts';
import { type Channel, firstSound, lastSound, type Sound, soundingMs } from './sounds.ts';
import type { WatchedSentence } from './voice-watch.ts';

/** Times in milliseconds from the first sample of the recording; null for what never happened. */
export interface TurnReport {
  readonly id: number;
  readonly voicedEndMs: number;
  readonly decidedMs: number;
  readonly finalTextMs: number;
  readonly firstTokenMs: number | null;
  readonly firstSentenceMs: number | null;
  readonly firstByteMs: number | null;
  readonly firstAudibleMs: number | null;
  readonly heardText: string;
  readonly interrupted: boolean;
}

export interface Report {
  readonly turns: readonly TurnReport[];
  readonly bargeIn: {
    readonly count: number;
    /** From the first sample of the person's voice to the last of the agent's, both at the person. */
    readonly silenceMs: { readonly p50: number | null; readonly p95: number | null };
    /** Sound of the agent after the last sample that its log says was heard. */
    readonly staleMs: number;
  };
  /** Holes of 20 ms and more in sentences that have none. */
  readonly gaps: number;
  readonly transcript: { readonly expected: string; readonly heard: string; readonly wordErrors: number };
}

export interface Measured {
  readonly person: Channel;
  readonly agent: Channel;
  readonly report: Report;
  /** From the onset of an interruption to silence. */
  readonly interruptions: readonly Sound[];
  /** The way from the agent's device to the person's ear, in milliseconds. */
  readonly delayMs: number;
  /**
   * How far the recording has each sentence from where the log has it, the way taken off: as it was for the sentences around
   * it, since a jitter buffer changes its size in the course of a call.
   */
  readonly deviationsMs: readonly number[];
  /** What was said and not answered. */
  readonly unanswered: readonly string[];
  /** What was said from outside of what is understood and was taken for something. */
  readonly falselyAccepted: readonly string[];
  /** An entry with its times on the recording. */
  readonly onRecording: (entry: LogEntry) => LogEntry;
}

/** What a device tells to 10 ms, and a jitter buffer's moods. */
const SLACK_MS = 20;

export async function measureConversation(path: string, conversation: Conversation): Promise<Measured> {
  const { lines, traces, sentences, startMs } = conversation;
  const { left, right, sampleRate } = await readStereo(path);
  const person: Channel = { samples: left, sampleRate };
  const agent: Channel = { samples: right, sampleRate };
  const at = (clockMs: number) => clockMs - startMs;

  const matches = sentences.flatMap((sentence) => matchSentence(sentence, agent, startMs) ?? []);
  const delayMs =
    quantile(
      matches.map((match) => match.delayMs),
      0.5,
    ) ?? 0;
  const delayOf = (sentence: WatchedSentence) =>
    matches.find((match) => match.sentence === sentence)?.delayMs ?? delayMs;
  const begun = sentences.filter(({ startedMs }) => startedMs !== undefined);
  /** When what follows a moment is heard to begin; a jitter buffer may have become shorter meanwhile. */
  const nextHeard = (clockMs: number) => {
    const next = begun.find(({ startedMs }) => startedMs! > clockMs);
    return next === undefined ? Number.POSITIVE_INFINITY : at(next.startedMs!) + delayOf(next) - SLACK_MS;
  };
  const staleMs = begun.reduce((sum, sentence) => {
    if (!sentence.interrupted) return sum;
    const cut = sentence.startedMs! + sentence.playedMs;
    const from = at(cut) + delayOf(sentence) + SLACK_MS;
    return sum + soundingMs(agent, from, Math.min(nextHeard(cut), from + 5_000));
  }, 0);

  const interruptions = lines.flatMap(({ line }, i): Sound[] => {
    const next = lines[i + 1]?.spoken.startedMs;
    if (line.interruptAfterMs === undefined || next === undefined) return [];
    const fromMs = firstSound(person, at(next) - SLACK_MS, at(next) + 1_000);
    if (fromMs === undefined) return [];
    return [{ fromMs, toMs: lastSound(agent, fromMs, Math.min(nextHeard(next), fromMs + 5_000)) ?? fromMs }];
  });
  const silences = interruptions.map(({ fromMs, toMs }) => toMs - fromMs);

  const known = lines.filter(({ line }) => line.foreign !== true);
  const texts = known.map(({ turn }) => turn?.text ?? '');
  const answered = ({ turn }: (typeof lines)[number]) =>
    turn !== undefined && traces.some(({ id, firstAudibleMs }) => id === turn.id && firstAudibleMs !== undefined);
  return {
    person,
    agent,
    interruptions,
    delayMs,
    deviationsMs: matches.map((match, i) => match.delayMs - nearDelay(matches, i)),
    unanswered: lines.filter((one) => !answered(one)).map(({ line }) => line.say),
    falselyAccepted: lines
      .filter(({ line, turn }) => line.foreign && !isRefused(turn, traces))
      .map(({ line }) => line.say),
    onRecording: (entry) => onRecording(entry, at),
    report: {
      turns: traces.map((trace) => turnReport(trace, at)),
      bargeIn: {
        count: interruptions.length,
        silenceMs: { p50: quantile(silences, 0.5), p95: quantile(silences, 0.95) },
        staleMs,
      },
      gaps: matches.reduce((sum, match) => sum + holesIn(match, agent), 0),
      transcript: {
        expected: known.map(({ line }) => line.say).join(' '),
        heard: texts.join(' '),
        wordErrors: known.reduce((sum, { line }, i) => sum + wordErrors(line.say, texts[i]!), 0),
      },
    },
  };
}

/** The way's delay around a sentence: the median of up to five. */
function nearDelay(matches: readonly SentenceMatch[], index: number): number {
  const near = matches.slice(Math.max(0, index - 2), index + 3).map((match) => match.delayMs);
  return quantile(near, 0.5)!;
}

/** Whether the agent has said that it did not understand. */
function isRefused(turn: Turn | undefined, traces: readonly TurnTrace[]): boolean {
  if (turn === undefined || turn.rejected) return true;
  const heard = traces.find(({ id }) => id === turn.id)?.heardText ?? '';
  return heard.length > 0 && notUnderstood.startsWith(heard.slice(0, 20));
}

function turnReport(trace: TurnTrace, at: (clockMs: number) => number): TurnReport {
  const when = (clockMs: number | undefined) => (clockMs === undefined ? null : rounded(at(clockMs)));
  return {
    id: trace.id,
    voicedEndMs: rounded(at(trace.voicedEndMs)),
    decidedMs: rounded(at(trace.decidedMs)),
    finalTextMs: rounded(at(trace.finalTextMs)),
    firstTokenMs: when(trace.firstTokenMs),
    firstSentenceMs: when(trace.firstSentenceMs),
    firstByteMs: when(trace.firstByteMs),
    firstAudibleMs: when(trace.firstAudibleMs),
    heardText: trace.heardText,
    interrupted: trace.interrupted,
  };
}

/** An entry of the log with its times on the recording. Words of a recogniser have media times of their own: left out. */
function onRecording(entry: LogEntry, at: (clockMs: number) => number): LogEntry {
  const when = (ms: number | undefined) => (ms === undefined ? undefined : rounded(at(ms)));
  const words = entry.words.flatMap((word) =>
    'startMs' in word ? [{ text: word.text, startMs: rounded(at(word.startMs)), endMs: rounded(at(word.endMs)) }] : [],
  );
  return { ...entry, startMs: when(entry.startMs), endMs: when(entry.endMs), words };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** A quantile by the nearest rank; null of nothing. */
export function quantile(values: readonly number[], q: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}
