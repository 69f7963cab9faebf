import { PROBE_FRAME_MS } from './probe-code.ts';

/** One frame that was heard. */
export interface ProbeArrival {
  /** The index that was sent, with its whole turns of 121 restored. */
  readonly index: number;
  /** When its first sample was heard, in milliseconds of the `at` that was pushed. */
  readonly at: number;
  /** Where its first sample lies in the stream, in milliseconds from the first sample pushed. */
  readonly position: number;
  /** RMS of its middle 10 ms in dBFS. */
  readonly level: number;
  /** How long it lasted, in milliseconds: 20 as sent, less or more where a jitter buffer changed the speed. About +-3. */
  readonly duration: number;
}

/** A stretch below -50 dBFS. */
export interface ProbeSilence {
  /** Where it begins in what was received. */
  readonly position: number;
  /** From the first quiet sample to the last. */
  readonly ms: number;
}

/** What a {@link ProbeReport} is measured against. */
export interface ProbeReportOptions {
  /** When a frame was written, in milliseconds of the clock that `push` was given. Without it there is no delay. */
  readonly emittedAt?: (index: number) => number | undefined;
  /**
   * Frames that must have been heard: `first` up to and without `end`. What was heard beside them is left out of the
   * account (the start of a call, while the jitter buffer settles). Default: from the first heard to the last.
   */
  readonly expected?: { readonly first: number; readonly end: number };
}

/** Frames in a row that were not heard. */
export interface ProbeGap {
  /** The number of the first one that is missing, counted from 0 as written. */
  readonly firstIndex: number;
  /** How many are missing. */
  readonly frames: number;
  /** Their length as written. */
  readonly ms: number;
}

/** Milliseconds. */
export interface ProbeDelay {
  /** The frame that was fastest. */
  readonly min: number;
  /** Half of the frames took no longer. */
  readonly median: number;
  /** All but one in a hundred took no longer. */
  readonly p99: number;
  /** The frame that was slowest. */
  readonly max: number;
}

/** What was heard of a probe signal: frames, gaps, silences, delay. */
export interface ProbeReport {
  /** Different frames that were heard. */
  readonly heard: number;
  /** What was heard, in the order of hearing. */
  readonly arrivals: readonly ProbeArrival[];
  /** In the order of the signal. */
  readonly gaps: readonly ProbeGap[];
  /** Stretches of 5 ms and more below -50 dBFS, silence before the first and after the last frame left out. */
  readonly silences: readonly ProbeSilence[];
  /** The longest of gaps and silences, in milliseconds. */
  readonly longestGapMs: number;
  /** Frames heard again after another one. */
  readonly duplicates: number;
  /** Frames that lasted at least 12 ms too long: a jitter buffer played slower, or the frame came twice in a row. */
  readonly stretched: number;
  /** Frames that came after a later one. */
  readonly orderErrors: number;
  /** From writing to hearing a frame's first sample. */
  readonly delay: ProbeDelay | undefined;
  /** How much slower than written the signal was heard, in parts per million: positive if the delay grows. */
  readonly driftPpm: number;
}

/** The account of what was heard. */
export function reportProbe(
  all: readonly ProbeArrival[],
  silences: readonly ProbeSilence[],
  options: ProbeReportOptions,
): ProbeReport {
  const { first = 0, end = Number.POSITIVE_INFINITY } = options.expected ?? {};
  const arrivals = all.filter(({ index }) => index >= first && index < end);
  const heard = new Set<number>();
  let duplicates = 0;
  let stretched = 0;
  let orderErrors = 0;
  let highest = -1;
  let previous = -1;
  for (const arrival of arrivals) {
    if (arrival.index === previous || arrival.duration > PROBE_FRAME_MS + 12) stretched++;
    else if (heard.has(arrival.index)) duplicates++;
    else if (arrival.index < highest) orderErrors++;
    heard.add(arrival.index);
    previous = arrival.index;
    highest = Math.max(highest, arrival.index);
  }
  const gaps = findMissing(heard, options.expected ?? { first: lowest(heard), end: highest + 1 });
  const between = silencesBetween(silences, arrivals);
  return {
    heard: heard.size,
    arrivals,
    gaps,
    silences: between,
    longestGapMs: Math.max(0, ...gaps.map((gap) => gap.ms), ...between.map((silence) => silence.ms)),
    duplicates,
    stretched,
    orderErrors,
    delay: summarise(arrivals, options),
    driftPpm: drift(arrivals),
  };
}

function silencesBetween(silences: readonly ProbeSilence[], arrivals: readonly ProbeArrival[]): ProbeSilence[] {
  const start = arrivals[0]?.position ?? Number.POSITIVE_INFINITY;
  const end = arrivals.at(-1)?.position ?? Number.NEGATIVE_INFINITY;
  return silences.filter(({ position }) => position > start && position < end);
}

function lowest(heard: ReadonlySet<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const index of heard) least = Math.min(least, index);
  return heard.size === 0 ? 0 : least;
}

function findMissing(heard: ReadonlySet<number>, expected: { first: number; end: number }): ProbeGap[] {
  const gaps: ProbeGap[] = [];
  let from: number | undefined;
  for (let index = expected.first; index <= expected.end; index++) {
    if (index < expected.end && !heard.has(index)) from ??= index;
    else if (from !== undefined) {
      gaps.push({ firstIndex: from, frames: index - from, ms: (index - from) * PROBE_FRAME_MS });
      from = undefined;
    }
  }
  return gaps;
}

function summarise(arrivals: readonly ProbeArrival[], options: ProbeReportOptions): ProbeDelay | undefined {
  const delays: number[] = [];
  for (const { index, at } of arrivals) {
    const emitted = options.emittedAt?.(index);
    if (emitted !== undefined) delays.push(at - emitted);
  }
  if (delays.length === 0) return undefined;
  delays.sort((a, b) => a - b);
  const quantile = (part: number) => delays[Math.min(delays.length - 1, Math.floor(part * delays.length))]!;
  return { min: quantile(0), median: quantile(0.5), p99: quantile(0.99), max: quantile(1) };
}

/** Slope of arrival over index, against 20 ms a frame. */
function drift(arrivals: readonly ProbeArrival[]): number {
  const count = arrivals.length;
  if (count < 2) return 0;
  const meanIndex = arrivals.reduce((sum, arrival) => sum + arrival.index, 0) / count;
  const meanAt = arrivals.reduce((sum, arrival) => sum + arrival.at, 0) / count;
  let both = 0;
  let square = 0;
  for (const { index, at } of arrivals) {
    both += (index - meanIndex) * (at - meanAt);
    square += (index - meanIndex) ** 2;
  }
  return square === 0 ? 0 : (both / square / PROBE_FRAME_MS - 1) * 1e6;
}
