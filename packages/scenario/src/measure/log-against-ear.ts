import type { HeardWord, LogEntry } from '@sluice/nodes';
import type { Ear } from '../stage/ear.ts';

/** The longest way of a voice to an ear, in milliseconds. */
const LONGEST_WAY_MS = 3_000;
/** What a log may be off, in milliseconds: a tick, and a jitter buffer's moods. */
const SLACK_MS = 40;
/** What sounds after the end of a last word, in milliseconds. */
const TAIL_MS = 120;
/** The most of a word that is heard before it is cut, in milliseconds. */
const CUT_WORD_MS = 600;
/** Share of a word that must sound. Stops and pauses inside a word are silent. */
const LEAST_SHARE = 0.25;

/** An entry of the log, and where the ear has it. */
export interface HeardEntry {
  readonly entry: LogEntry;
  /** The way from the agent to the ear, in milliseconds; undefined where the ear heard nothing. */
  readonly wayMs: number | undefined;
  /** Words of the log where the ear heard silence. */
  readonly silentWords: readonly string[];
}

/** Looks for a line of the agent's log in what an ear heard. `startMs`: the clock where the timeline begins. */
export function hearEntry(entry: LogEntry, ear: Ear, startMs: number): HeardEntry {
  if (entry.startMs === undefined || entry.text === '') return { entry, wayMs: 0, silentWords: [] };
  const fromMs = entry.startMs - startMs;
  const firstMs = ear.firstSound(fromMs - SLACK_MS, fromMs + LONGEST_WAY_MS);
  if (firstMs === undefined) return { entry, wayMs: undefined, silentWords: entry.text.split(/\s+/) };
  const wayMs = Math.max(0, firstMs - fromMs);
  const words = entry.words.filter((word): word is HeardWord => 'startMs' in word);
  const silent = words.filter((word) => !sounds(ear, word.startMs - startMs + wayMs, word.endMs - startMs + wayMs));
  return { entry, wayMs, silentWords: silent.map(({ text }) => text) };
}

/** Sound at an ear that no line of the log accounts for, in milliseconds. A word that was cut is in no log. */
export function unloggedMs(heard: readonly HeardEntry[], ear: Ear, startMs: number): number {
  let sum = 0;
  for (const stretch of ear.stretches) {
    let atMs = stretch.startMs;
    const covers = heard
      .filter(({ entry }) => entry.startMs !== undefined && entry.endMs !== undefined)
      .map(({ entry, wayMs = 0 }) => ({
        fromMs: entry.startMs! - startMs + wayMs - SLACK_MS,
        toMs: entry.endMs! - startMs + wayMs + TAIL_MS + (entry.interrupted ? CUT_WORD_MS : 0),
      }))
      .filter(({ fromMs, toMs }) => toMs > stretch.startMs && fromMs < stretch.endMs)
      .sort((a, b) => a.fromMs - b.fromMs);
    for (const { fromMs, toMs } of covers) {
      sum += Math.max(0, fromMs - atMs);
      atMs = Math.max(atMs, toMs);
    }
    sum += Math.max(0, stretch.endMs - atMs);
  }
  return Math.round(sum);
}

function sounds(ear: Ear, fromMs: number, toMs: number): boolean {
  const stepMs = 10;
  let [loud, all] = [0, 0];
  for (let at = fromMs; at + stepMs <= toMs; at += stepMs) {
    all++;
    if (ear.firstSound(at, at + stepMs) !== undefined) loud++;
  }
  return all === 0 || loud / all >= LEAST_SHARE;
}
