import type { Comparison } from './compare-audio.ts';
import type { Seen } from './messages.ts';

/** A jitter buffer stretches or shortens pauses and vowels as it grows and shrinks; media that is missing is more. */
const LONGEST_STRETCH_MS = 80;
/** Two lost frames in a row are concealed; more is heard as a hole. */
const LONGEST_GAP_MS = 40;
/** What Opus leaves of a waveform; something else than what was sent, or much of it missing, is far below. */
const LOWEST_CORRELATION = 0.8;
/** As far as a silent reference may be from silence, as a peak in sample units: comfort noise. */
const SILENCE_PEAK = 100;

/** Why what was heard is not what was sent; empty if it is. */
export function faultsOf(comparison: Comparison, recording: Int16Array): string[] {
  const { correlation, gaps, longestGapMs, stretchMs, windows } = comparison;
  if (recording.length === 0) return ['nothing was heard'];
  if (windows === 0)
    return recording.some((sample) => Math.abs(sample) > SILENCE_PEAK) ? ['silence was sent, a sound was heard'] : [];
  const faults: string[] = [];
  if (correlation < LOWEST_CORRELATION)
    faults.push(`it correlates by ${correlation.toFixed(2)} with what was sent; ${LOWEST_CORRELATION} is the least`);
  if (longestGapMs > LONGEST_GAP_MS)
    faults.push(`${gaps} gaps, the longest ${longestGapMs.toFixed(0)} ms; ${LONGEST_GAP_MS} ms is the most`);
  if (Math.abs(stretchMs) > LONGEST_STRETCH_MS)
    faults.push(`its length differs by ${stretchMs.toFixed(0)} ms; ${LONGEST_STRETCH_MS} ms is the most`);
  return faults;
}

/** Pictures that an encoder leaves out while it finds its rate, and those that a busy machine shows late. */
const SMALLEST_SHARE = 0.8;
/** What the codec leaves of the test picture at a good rate is 35 dB and more. */
const LOWEST_PSNR_DB = 30;

/** Why the pictures that arrived are not those that were sent; empty if they are. */
export function pictureFaultsOf({ pictures, unreadable, backwards, psnrDb }: Seen, sent: number): string[] {
  if (pictures === 0) return ['no picture was seen'];
  const faults: string[] = [];
  if (pictures < SMALLEST_SHARE * sent) faults.push(`${pictures} of ${sent} pictures were seen`);
  if (unreadable > 0) faults.push(`the numbers of ${unreadable} pictures cannot be read`);
  if (backwards > 0) faults.push(`${backwards} pictures came after a later one`);
  const typical = median(psnrDb);
  if (!(typical >= LOWEST_PSNR_DB))
    faults.push(`pictures are ${typical.toFixed(1)} dB like those that were sent; ${LOWEST_PSNR_DB} dB is the least`);
  return faults;
}

/** NaN if there is none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
