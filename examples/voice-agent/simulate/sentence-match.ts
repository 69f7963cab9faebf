import { align } from '@sluice/core/testing';
import { concat } from '../../read-mono.ts';
import { type Channel, rms } from './sounds.ts';
import type { WatchedSentence } from './voice-watch.ts';

/** How far from where it is expected a sentence is looked for, in milliseconds. */
const REACH_MS = 250;
/** So much of a sentence is compared, in milliseconds. */
const LENGTH_MS = 600;

/** Where a sentence of the agent is in the recording. */
export interface SentenceMatch {
  readonly sentence: WatchedSentence;
  /** Its first sample in the recording, in milliseconds. */
  readonly atMs: number;
  /** From the moment at which the device says that it began. */
  readonly delayMs: number;
}

/** Finds the beginning of a sentence in what was heard by its wave; undefined for what is too short to tell. */
export function matchSentence(sentence: WatchedSentence, heard: Channel, startMs: number): SentenceMatch | undefined {
  const { startedMs, playedMs } = sentence;
  const perMs = heard.sampleRate / 1_000;
  const wave = concat(sentence.parts).subarray(0, Math.min(LENGTH_MS, playedMs) * perMs);
  if (startedMs === undefined || playedMs < 200 || rms(wave) < 200) return undefined;
  const expected = Math.max(0, Math.round((startedMs - startMs) * perMs));
  const reach = REACH_MS * perMs;
  const window = heard.samples.subarray(expected, expected + wave.length + reach);
  if (window.length < wave.length) return undefined;
  const { lag, correlation } = align(wave, window, { maxLag: reach });
  if (correlation < 0.5) return undefined;
  return { sentence, atMs: (expected + lag) / perMs, delayMs: lag / perMs };
}

/** Holes of 20 ms and more where the sentence has sound and the recording has none. */
export function holesIn({ sentence, atMs }: SentenceMatch, heard: Channel): number {
  if (sentence.interrupted) return 0;
  const perMs = heard.sampleRate / 1_000;
  const wave = concat(sentence.parts);
  const [from, block] = [Math.round(atMs * perMs), Math.round(10 * perMs)];
  let [holes, silent] = [0, 0];
  for (let at = 0; at + block <= wave.length; at += block) {
    const made = rms(wave.subarray(at, at + block));
    const isSilent = made > 600 && rms(heard.samples.subarray(from + at, from + at + block)) < made / 20;
    silent = isSilent ? silent + 1 : 0;
    if (silent === 2) holes++;
  }
  return holes;
}
