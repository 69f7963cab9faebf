import { align, findGaps, rms, snr, toDbfs } from '@sluice/core/testing';

/** How what was heard differs from what was said. */
export interface Comparison {
  /** Where the reference begins in the recording, in samples: the median of its windows. */
  readonly lag: number;
  /** How much longer (or shorter, below 0) it took to hear the sound than to say it, in milliseconds. */
  readonly stretchMs: number;
  /** 0 to 1: how much of the sound is in the recording, by windows, each where it fits best. */
  readonly correlation: number;
  /** Power of the sound over the power of what differs, in dB, by windows, each where it fits best. */
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
  /** Sum of squares of the sound, and of what differs. */
  readonly sound: number;
  readonly noise: number;
}

const WINDOW_MS = 500;
/** So much of the reference is looked for, in twice as much of the recording. */
const SEARCH_SECONDS = 20;
/** How far a window may have moved against the one before: a receiver's jitter buffer stretches sound by up to this. */
const DRIFT_MS = 60;
/** Below this a window of the reference is a pause, in dBFS. */
const SOUND_DBFS = -50;
/** A shorter silence is no hole, in milliseconds. */
const MIN_HOLE_MS = 10;

/**
 * Compares one channel of what was said with one of what was heard, at one rate. The receiver of a call stretches and
 * shortens sound by some milliseconds to follow the network, so that the whole does not fit at one lag: it is compared
 * by windows of half a second.
 */
export function compareAudio(reference: Int16Array, recording: Int16Array, sampleRate: number): Comparison {
  const windows = matchWindows(reference, recording, sampleRate);
  if (process.env.DBG)
    for (const w of windows)
      console.log(w.start, w.lag, w.correlation.toFixed(3), (10 * Math.log10(w.sound / w.noise)).toFixed(1));
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined)
    return { lag: 0, stretchMs: 0, correlation: 0, snrDb: 0, gaps: 0, longestGapMs: 0, windows: 0 };
  const sum = (value: (window: Window) => number) => windows.reduce((total, window) => total + value(window), 0);
  const sound = sum((window) => window.sound);
  return {
    lag: windows.map((window) => window.lag).sort((a, b) => a - b)[Math.floor(windows.length / 2)]!,
    stretchMs: ((last.lag - first.lag) * 1000) / sampleRate,
    correlation: sum((window) => window.correlation * window.sound) / sound,
    snrDb: 10 * Math.log10(sound / sum((window) => window.noise)),
    ...findHoles(reference, recording, last.lag, sampleRate),
    windows: windows.length,
  };
}

function matchWindows(reference: Int16Array, recording: Int16Array, sampleRate: number): Window[] {
  const length = Math.round((sampleRate * WINDOW_MS) / 1000);
  const margin = Math.round((sampleRate * DRIFT_MS) / 1000);
  let lag = findStart(reference, recording, sampleRate);
  const windows: Window[] = [];
  for (let start = 0; start + length <= reference.length; start += length) {
    const said = reference.subarray(start, start + length);
    if (toDbfs(rms(said)) < SOUND_DBFS) continue;
    const from = Math.max(0, start + lag - margin);
    const heard = recording.subarray(from, Math.max(from, start + lag + length + margin));
    if (heard.length < length) {
      windows.push({ start, lag, correlation: 0, sound: energy(said), noise: energy(said) });
      continue;
    }
    const match = snr(said, heard, { subSample: true });
    const sound = energy(said);
    lag = Math.round(from - start + match.lag);
    windows.push({
      start,
      lag,
      correlation: Math.max(0, match.correlation),
      sound,
      noise: sound / 10 ** (match.snr / 10),
    });
  }
  return windows;
}

/** Where the reference begins in the recording, by its first sounding seconds. */
function findStart(reference: Int16Array, recording: Int16Array, sampleRate: number): number {
  const begin = Math.max(
    0,
    reference.findIndex((sample) => toDbfs(Math.abs(sample)) > SOUND_DBFS),
  );
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

function energy(samples: Int16Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}
