import { outOfRange } from '@sluice/core';

/** Length of one coded frame in milliseconds. */
export const PROBE_FRAME_MS = 20;
/** Indexes repeat after this many frames: 2.42 s. */
export const PROBE_PERIOD = 121;

/** Below this level nothing counts as heard, in dBFS RMS. */
export const PROBE_SILENCE_DBFS = -50;

/** Tones a band, a hundred Hz apart. */
export const PROBE_DIGITS = 11;
const SPACING_HZ = 100;
/** The lowest tone of each band in Hz: low digit, high digit, check digit. The highest tone is 3,500 Hz. */
const BANDS_HZ = [300, 1400, 2500] as const;

/** All tones in Hz, band after band. */
export const probeTones: readonly number[] = BANDS_HZ.flatMap((lowest) =>
  Array.from({ length: PROBE_DIGITS }, (_, digit) => lowest + digit * SPACING_HZ),
);

/** The lowest rate at which every tone is well below half of it. */
export const PROBE_MIN_RATE = 8_000;

/** Refuses rates that cannot carry the tones or do not hold whole samples in 10 ms. */
export function checkProbeRate(sampleRate: number): void {
  if (!(sampleRate >= PROBE_MIN_RATE && sampleRate % 100 === 0))
    throw outOfRange('sampleRate', `a multiple of 100 Hz from ${PROBE_MIN_RATE} on`, sampleRate);
}

/** Which tone of each band says `index`. The check digit depends on the seed: another listener hears nothing. */
export function probeDigits(index: number, seed: number): readonly [number, number, number] {
  const low = index % PROBE_DIGITS;
  const high = Math.floor(index / PROBE_DIGITS) % PROBE_DIGITS;
  return [low, high, checkDigit(low, high, seed)];
}

/** The index (0 to 120) that three digits say, or undefined if the check digit does not fit. */
export function probeIndex(low: number, high: number, check: number, seed: number): number | undefined {
  return checkDigit(low, high, seed) === check ? high * PROBE_DIGITS + low : undefined;
}

/** Any one wrong digit changes it: 11 is prime. */
function checkDigit(low: number, high: number, seed: number): number {
  return (3 * low + 5 * high + seed) % PROBE_DIGITS;
}

/**
 * What the tones of a window say. `powers` holds the power of each of `probeTones`; `energy` is the mean square of the
 * window in the same unit. Undefined if a band has no clear winner, the tones are not most of what is heard, or the
 * check digit does not fit.
 */
export function readProbe(powers: Float64Array, energy: number, seed: number): number | undefined {
  const digits: number[] = [];
  let explained = 0;
  for (let band = 0; band < BANDS_HZ.length; band++) {
    let best = 0;
    let second = 0;
    let digit = 0;
    for (let tone = 0; tone < PROBE_DIGITS; tone++) {
      const power = powers[band * PROBE_DIGITS + tone]!;
      if (power > best) {
        second = best;
        best = power;
        digit = tone;
      } else if (power > second) second = power;
    }
    if (best < 2 * second) return undefined;
    explained += best;
    digits.push(digit);
  }
  if (explained < 0.4 * energy) return undefined;
  return probeIndex(digits[0]!, digits[1]!, digits[2]!, seed);
}
