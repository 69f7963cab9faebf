import { align, findGaps, rms, snr, toDbfs } from '@sluice/core/testing';

/** How what was heard differs from what was said. */
export interface Comparison {
  /** Where the reference begins in the recording, in samples: the median of its windows. */
  readonly lag: number;
  /** How much longer (or shorter, below 0) it took to hear the sound than to say it, in milliseconds. */
  readonly stretchMs: number;
  /** 0 to 1: how alike the waveforms are, by windows weighted by their energy, each where it fits best. */
  readonly correlation: number;
  /** Power of the sound over the power of what differs, in dB: the median of the windows, each where it fits best. */
  readonly snrDb: number;
  /** Silences that the reference does not have, or not so long. */
  readonly gaps: number;
  readonly longestGapMs: number;
  /** Windows in which the reference sounds. None: it is silent, and nothing can be compared. */
  readonly windows: number;
}

interface Window {
  readonly start: number;
  readonly lag: number;
  readonly correlation: number;
  readonly snrDb: number;
  /** Mean square of the sound: its weight. */
  readonly energy: number;
}

const WINDOW_MS = 250;
/** So much of the reference is looked for, in twice as much of the recording. */
const SEARCH_SECONDS = 20;
/** How far a window may have moved against the one before: a receiver's jitter buffer stretches sound by up to this. */
const DRIFT_MS = 60;
/** Where a window is looked for first, and how well it must fit there. */
const STEADY_MS = 2;
const STEADY_CORRELATION = 0.9;
/** A window that is so much quieter than the sound is mostly pause, in dB. */
const PAUSE_DB = 15;
/** Below this there is no sound, in dBFS RMS. */
const SILENCE_DBFS = -70;
/** A shorter silence is no hole, in milliseconds. */
const MIN_HOLE_MS = 10;

/**
 * Compares one channel of what was said with one of what was heard, at one rate. The receiver of a call stretches and
 * shortens sound by some milliseconds to follow the network, so that the whole does not fit at one lag: it is compared
 * by windows of a quarter of a second.
 */
export function compareAudio(reference: Int16Array, recording: Int16Array, sampleRate: number): Comparison {
  const windows = matchWindows(reference, recording, sampleRate);
  const steady = windows.filter((window) => window.correlation >= STEADY_CORRELATION);
  const lags = (steady.length > 0 ? steady : windows).map((window) => window.lag);
  const lag = median(lags) ?? 0;
  const energy = windows.reduce((sum, window) => sum + window.energy, 0);
  const found = windows.reduce((sum, window) => sum + window.energy * window.correlation, 0);
  return {
    lag,
    stretchMs: (((lags.at(-1) ?? 0) - (lags[0] ?? 0)) * 1000) / sampleRate,
    correlation: windows.length === 0 ? 0 : found / energy,
    snrDb: median(windows.map((window) => window.snrDb)) ?? 0,
    ...findHoles(reference, recording, lag, sampleRate),
    windows: windows.length,
  };
}

function matchWindows(reference: Int16Array, recording: Int16Array, sampleRate: number): Window[] {
  const length = Math.min(Math.round((sampleRate * WINDOW_MS) / 1000), reference.length);
  const level = loudness(reference, sampleRate);
  if (toDbfs(level) < SILENCE_DBFS) return [];
  const windows: Window[] = [];
  let lag = findStart(reference, recording, sampleRate);
  for (let start = 0; start + length <= reference.length; start += length) {
    const said = reference.subarray(start, start + length);
    if (toDbfs(rms(said)) < toDbfs(level) - PAUSE_DB) continue;
    const find = (reachMs: number) => {
      const reach = Math.round((sampleRate * reachMs) / 1000);
      const from = Math.max(0, start + lag - reach);
      const heard = recording.subarray(from, Math.max(from, start + lag + length + reach));
      return heard.length < length ? undefined : matchWindow(said, heard, start, from - start);
    };
    // A tone fits at every period: it stays where it was, unless it does not fit there.
    let match = find(STEADY_MS);
    if (match === undefined || match.correlation < STEADY_CORRELATION) match = find(DRIFT_MS) ?? match;
    // The end of the recording may be missing.
    match ??= { start, lag, correlation: 0, snrDb: Number.NEGATIVE_INFINITY, energy: rms(said) ** 2 };
    if (match.correlation >= STEADY_CORRELATION) lag = match.lag;
    windows.push(match);
  }
  return windows;
}

function matchWindow(said: Int16Array, heard: Int16Array, start: number, offset: number): Window {
  const match = snr(said, heard, { subSample: true });
  return {
    start,
    lag: Math.round(offset + match.lag),
    correlation: Math.max(0, match.correlation),
    snrDb: match.snr,
    energy: rms(said) ** 2,
  };
}

/** Where the reference begins in the recording, by its first sounding seconds. */
function findStart(reference: Int16Array, recording: Int16Array, sampleRate: number): number {
  const level = loudness(reference, sampleRate);
  const begin = Math.max(
    0,
    reference.findIndex((sample) => Math.abs(sample) > level / 4),
  );
  if (recording.length === 0) return 0;
  const sounding = reference.subarray(begin, begin + SEARCH_SECONDS * sampleRate);
  const { lag } = align(sounding, recording.subarray(0, begin + 2 * SEARCH_SECONDS * sampleRate));
  return lag - begin;
}

/**
 * Pauses of the recording that are longer than the reference's own pause in their place, by the difference. Opus smears
 * pauses, so that the recording's own are rather shorter; silence is 10 dB deeper there to count.
 */
function findHoles(reference: Int16Array, recording: Int16Array, lag: number, sampleRate: number) {
  const level = toDbfs(loudness(reference, sampleRate));
  const pauses = findGaps(reference, { sampleRate, thresholdDbfs: level - 25, minMs: 1 }).gaps;
  const silences = findGaps(recording, { sampleRate, thresholdDbfs: level - 35, minMs: MIN_HOLE_MS }).gaps;
  const reach = (sampleRate * DRIFT_MS) / 1000;
  const holes = silences
    .filter(({ position, length }) => position + length > lag && position < lag + reference.length)
    .map((silence) => {
      const from = silence.position - lag - reach;
      const to = silence.position - lag + silence.length + reach;
      const own = pauses.filter(({ position, length }) => position < to && position + length > from);
      const outside = Math.max(0, lag - silence.position, silence.position + silence.length - lag - reference.length);
      return silence.durationMs - Math.max(0, ...own.map((pause) => pause.durationMs)) - (outside * 1000) / sampleRate;
    })
    .filter((excessMs) => excessMs >= MIN_HOLE_MS);
  return { gaps: holes.length, longestGapMs: Math.max(0, ...holes) };
}

/** RMS of the half of the windows that are louder. */
function loudness(samples: Int16Array, sampleRate: number): number {
  const length = Math.round(sampleRate / 20);
  const levels: number[] = [];
  for (let at = 0; at < samples.length; at += length) levels.push(rms(samples.subarray(at, at + length)));
  levels.sort((a, b) => b - a);
  const loud = levels.slice(0, Math.ceil(levels.length / 2));
  return Math.sqrt(loud.reduce((sum, value) => sum + value * value, 0) / loud.length);
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
