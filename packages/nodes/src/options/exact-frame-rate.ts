import { invalidArgument, type Micros, outOfRange } from '@sluice/core';

/** Frames per second as a fraction of two whole numbers. */
export interface ExactFrameRate {
  /** 30,000 of 29.97 frames per second. At least 1. */
  readonly numerator: number;
  /** 1,001 of 29.97 frames per second. At least 1. */
  readonly denominator: number;
}

/**
 * Frames per second: a number, or a fraction. The rates of 1000/1001 that television rounds to two or three digits are
 * meant exactly: 29.97 is 30000/1001, 23.976 and 23.98 are 24000/1001.
 */
export type FrameRate = number | ExactFrameRate;

/** Frames per second that are accepted. */
const rateRange = { min: 0.001, max: 100_000 } as const;
/** The largest part of a fraction: its microseconds are exact numbers then, for whatever frame index. */
const LARGEST_PART = 90_000_000;

/** The fraction that a frame rate means, in lowest terms. Throws naming the option. */
export function exactFrameRate(value: FrameRate, name = 'frameRate'): ExactFrameRate {
  const rate = typeof value === 'number' ? fractionOf(value, name) : lowestTerms(value, name);
  const perSecond = rate.numerator / rate.denominator;
  if (perSecond < rateRange.min || perSecond > rateRange.max)
    throw outOfRange(name, `${rateRange.min} to ${rateRange.max} frames per second`, value);
  return rate;
}

/**
 * Media time at which a frame begins, rounded once from its index: frames of 30000/1001 per second are within half a
 * microsecond of it after any number of hours.
 */
export function frameTime(index: number, { numerator, denominator }: ExactFrameRate): Micros {
  // Whole periods first: index x denominator x 1e6 leaves the exact numbers after some days.
  const periods = Math.floor(index / numerator);
  const rest = index - periods * numerator;
  return (periods * denominator * 1_000_000 + Math.round((rest * denominator * 1_000_000) / numerator)) as Micros;
}

/**
 * The rate of a stream whose frames last this many microseconds, give or take the rounding to a whole one. A duration
 * that no rate has gets the nearest one that is accepted.
 */
export function frameRateOfDuration(duration: number): ExactFrameRate {
  const bounded = Math.round(Math.min(Math.max(duration, 1_000_000 / rateRange.max), 1_000_000 / rateRange.min));
  const whole = Math.max(Math.round(1_000_000 / bounded), 1);
  for (const rate of [
    { numerator: whole, denominator: 1 },
    { numerator: whole * 1_000, denominator: 1_001 },
  ])
    if (Math.abs((rate.denominator * 1_000_000) / rate.numerator - bounded) <= 1) return exactFrameRate(rate);
  return exactFrameRate({ numerator: 1_000_000, denominator: bounded });
}

function fractionOf(value: number, name: string): ExactFrameRate {
  if (!Number.isFinite(value)) throw invalidArgument(name, 'frames per second, or { numerator, denominator }', value);
  if (value <= 0) throw outOfRange(name, 'more than 0 frames per second', value);
  if (Number.isInteger(value)) return { numerator: value, denominator: 1 };
  const whole = Math.round((value * 1_001) / 1_000);
  if (whole >= 10 && Math.abs((whole * 1_000) / 1_001 - value) < 0.005)
    return { numerator: whole * 1_000, denominator: 1_001 };
  return reduce(Math.round(value * 1_000), 1_000);
}

function lowestTerms(value: ExactFrameRate, name: string): ExactFrameRate {
  const { numerator, denominator } = value ?? {};
  for (const part of [numerator, denominator]) {
    if (!Number.isInteger(part))
      throw invalidArgument(name, 'frames per second, or { numerator, denominator } of whole numbers', value);
    if (part <= 0 || part > LARGEST_PART) throw outOfRange(name, `parts from 1 to ${LARGEST_PART}`, value);
  }
  return reduce(numerator, denominator);
}

function reduce(numerator: number, denominator: number): ExactFrameRate {
  let [a, b] = [numerator, denominator];
  while (b > 0) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
