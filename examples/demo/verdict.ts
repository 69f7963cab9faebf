import type { Comparison } from './compare-audio.ts';

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
