import { type LogEntry, partsOf, type TurnPart, type TurnTrace } from '@sluice/nodes';
import type { Ear } from '../stage/ear.ts';
import type { Received, Stage } from '../stage/stage.ts';
import { hearEntry, unloggedMs } from './log-against-ear.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';
import type { SaidLine } from './said-line.ts';
import { wordErrorRate } from './word-error-rate.ts';

/** Whose a part of a wait is: one of the agent's, or what lies between it and the person. */
export type PartOwner = TurnPart['owner'] | 'network';

/**
 * What a run was like, in the names of `agent.metrics()`; what can be is measured at the person's mouth and ear, the way
 * included. Durations are milliseconds.
 */
export interface ScenarioMetrics {
  /** Turns that the agent took for such. */
  readonly turns: number;
  /** Times that it was interrupted, as it says. */
  readonly bargeIns: number;
  /** From the last sample of what a person said to the first of the reply at their ear. */
  readonly voiceToVoiceMs: Quantiles;
  /** The same by whose they are. The parts of each reply sum to its whole. */
  readonly latencyByPart: Readonly<Record<string, Quantiles>>;
  /** From the first sample of a person who barges in to the last of the agent's at their ear. */
  readonly timeToSilenceMs: Quantiles;
  /** How long people spoke over each other and over the agent, as it says: `{ 'ben over anna': 640 }`. */
  readonly overlapMs: Readonly<Record<string, number>>;
  /** Holes and clicks in the agent's voice: its device ran dry, the network lost it, or it jumps by half of full scale. */
  readonly glitches: number;
  /** What people's receivers made up for sound of the agent that was lost or late, or never got, in milliseconds. */
  readonly concealedMs: number;
  /** Packets from the agent to people that the network lost, silent ones too. 0 says that holes are of a busy machine. */
  readonly lostPackets: number;
  /** Words of people that were understood, and of the agent that were heard, by its log. */
  readonly wordsHeard: number;
  /** Words of the agent that were heard, by its log: what an interruption cut off is none. */
  readonly wordsSaid: number;
  /** Share of the words of people that the agent took for others, missed, or made up, by its log; more than 1 where it made up many. */
  readonly wordErrorRate: number;
  /** Words that the log says were heard, where the ear has silence. */
  readonly silentWords: number;
  /** Sound at the ear that the log does not account for. */
  readonly unloggedMs: number;
  /** Problems that the agent told of. */
  readonly problems: number;
}

/** A jump between two samples that no voice makes. */
const CLICK = 16_384;
/** How long after a barge-in its silence is looked for, in milliseconds. */
const SILENCE_WINDOW_MS = 2_000;

/** Measures a run that is over. `received`: what each person's end of the network got. */
export function measureRun(stage: Stage, said: readonly SaidLine[], received: readonly Received[]): ScenarioMetrics {
  const { events, agent, startMs, people } = stage;
  const ears = [...people.values()].map(({ ear }) => ear);
  const entries = agent.log.entries.filter(({ who }) => who === 'agent');
  const traces = events.flatMap(({ event }) => (event.type === 'trace' ? [event.trace] : []));
  const waits = traces.flatMap((trace) => waitOf(trace, stage, said) ?? []);
  const heard = ears.map((ear) => entries.map((entry) => hearEntry(entry, ear, startMs)));
  const holes = received.flatMap((one) => one.holes);
  const concealedMs = holes.reduce((sum, { ms }) => sum + ms, 0);
  const concealments = holes.reduce((sum, { count }) => sum + count, 0);
  const clicks = Math.max(0, ...ears.map(clicksIn));
  const owners = new Set(waits.flatMap(({ parts }) => parts.map(({ owner }) => owner)));
  const partMs = (owner: PartOwner) => waits.map(({ parts }) => parts.find((part) => part.owner === owner)?.ms ?? 0);
  return {
    turns: events.filter(({ event }) => event.type === 'turn').length,
    bargeIns: events.filter(({ event }) => event.type === 'interrupted').length,
    voiceToVoiceMs: quantilesOf(waits.map(({ ms }) => ms)),
    latencyByPart: Object.fromEntries([...owners].map((owner) => [owner, quantilesOf(partMs(owner))])),
    timeToSilenceMs: quantilesOf(
      said.filter(({ bargeIn }) => bargeIn).map((line) => timeToSilence(line, people.get(line.who)!.ear)),
    ),
    overlapMs: overlapsIn(agent.log.entries),
    glitches: stage.underruns() + clicks + concealments,
    concealedMs: Math.round(concealedMs),
    lostPackets: received.reduce((sum, { lostPackets }) => sum + lostPackets, 0),
    wordsHeard: wordsIn(agent.log.entries.filter(({ who }) => who === 'person')),
    wordsSaid: wordsIn(entries),
    wordErrorRate: wordErrorRate(said, agent.log.entries),
    silentWords: Math.max(0, ...heard.map((all) => all.reduce((sum, one) => sum + one.silentWords.length, 0))),
    unloggedMs: Math.max(0, ...ears.map((ear, index) => unloggedMs(heard[index]!, ear, startMs))),
    problems: events.filter(({ event }) => event.type === 'problem').length,
  };
}

/** How long an ear still hears the agent after somebody began to speak; 0 if it was silent already. */
export function timeToSilence({ startMs }: { readonly startMs: number }, ear: Ear): number {
  // The voice is one stretch from before the barge-in on; what begins after a pause is another.
  const stretch = ear.stretches.find((one) => one.startMs <= startMs && one.endMs > startMs);
  if (stretch === undefined) return 0;
  return Math.min(stretch.endMs, startMs + SILENCE_WINDOW_MS) - startMs;
}

/** From the last sample that was said to the first of the reply at the ear, and whose the parts are. */
function waitOf(
  trace: TurnTrace,
  { startMs, people }: Stage,
  said: readonly SaidLine[],
): { readonly ms: number; readonly parts: readonly { readonly owner: PartOwner; readonly ms: number }[] } | undefined {
  const parts = partsOf(trace);
  if (parts === undefined) return undefined;
  const awayMs = ({ endMs }: SaidLine) => Math.abs(trace.voicedEndMs - startMs - endMs);
  // With several people the last line is not always the one that was replied to.
  const [line] = said.filter(({ endMs }) => endMs <= trace.decidedMs - startMs).sort((a, b) => awayMs(a) - awayMs(b));
  const ear = line === undefined ? undefined : people.get(line.who)?.ear;
  const leftMs = trace.firstAudibleMs! - startMs;
  const heardMs = ear?.firstSound(leftMs - 20, leftMs + 3_000);
  if (line === undefined || heardMs === undefined) return undefined;
  const ms = heardMs - line.endMs;
  const sum = parts.reduce((total, part) => total + part.ms, 0);
  return { ms, parts: [...parts, { owner: 'network', ms: ms - sum }] };
}

function overlapsIn(entries: readonly LogEntry[]): Record<string, number> {
  const names = new Map(entries.map(({ speaker, speakerName = speaker }) => [speaker, speakerName]));
  const sums: Record<string, number> = {};
  for (const { who, speaker, over = [] } of entries)
    for (const { speaker: other, ms } of over) {
      const key = `${names.get(speaker) ?? who} over ${names.get(other) ?? other}`;
      sums[key] = Math.round((sums[key] ?? 0) + ms);
    }
  return sums;
}

function wordsIn(entries: readonly LogEntry[]): number {
  return entries.reduce((sum, { text }) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
}

function clicksIn({ line }: Ear): number {
  const second = line.sampleRate;
  let clicks = 0;
  for (let from = 0; from < line.length; from += second) {
    const samples = line.read(from, Math.min(line.length, from + second + 1));
    for (let index = 1; index < samples.length; index++)
      if (Math.abs(samples[index]! - samples[index - 1]!) > CLICK) clicks++;
  }
  return clicks;
}
