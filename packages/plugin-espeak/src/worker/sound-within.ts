/** A stretch of time, in milliseconds. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Windows in which sound is looked for, in milliseconds. */
const WINDOW_MS = 5;
/** What is so much quieter than the loudest sample is silence. */
const SILENCE = 1 / 40;

/** A span without the silence at its ends; none where it is silent. */
export function soundWithin(samples: Int16Array, sampleRate: number, { startMs, endMs }: Span): Span | undefined {
  const limit = SILENCE * samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
  const toSample = (ms: number) => Math.round((ms * sampleRate) / 1_000);
  const sounds = (from: number, to: number) =>
    samples.subarray(toSample(from), toSample(to)).some((sample) => Math.abs(sample) > limit);
  let [start, end] = [startMs, endMs];
  while (start < end && !sounds(start, start + WINDOW_MS)) start += WINDOW_MS;
  while (end > start && !sounds(Math.max(start, end - WINDOW_MS), end)) end -= WINDOW_MS;
  return end > start ? { startMs: start, endMs: end } : undefined;
}
