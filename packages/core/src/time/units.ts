import { invalidArgument } from '../errors.ts';

declare const unit: unique symbol;

/** Microseconds. Media time everywhere: frame timestamps, durations of frames and gaps. */
export type Micros = number & { readonly [unit]: 'us' };
/** Milliseconds. Deadlines, capacities and clock time. */
export type Millis = number & { readonly [unit]: 'ms' };

/** Marks a finite number as microseconds, the unit of timestamps. Throws TypeError for NaN and infinity. */
export function micros(value: number): Micros {
  if (!Number.isFinite(value)) throw invalidArgument('micros', 'a finite number', value);
  return value as Micros;
}

/** Marks a finite number as milliseconds, the unit of options and clocks. Throws TypeError for NaN and infinity. */
export function millis(value: number): Millis {
  if (!Number.isFinite(value)) throw invalidArgument('millis', 'a finite number', value);
  return value as Millis;
}

/** Milliseconds as whole microseconds, rounded. */
export function millisToMicros(value: number): Micros {
  return Math.round(value * 1000) as Micros;
}

/** Microseconds as milliseconds, with their fraction. */
export function microsToMillis(value: number): Millis {
  return (value / 1000) as Millis;
}

/**
 * Media time of a sample index, rounded once. Boundaries come from the index and are never summed, so that a recording
 * of hours is within half a microsecond of its sample clock.
 */
export function samplesToMicros(index: number, sampleRate: number): Micros {
  return Math.round((index * 1_000_000) / sampleRate) as Micros;
}

/** The index of the sample nearest to a media time in microseconds, at a rate in Hz. The inverse of {@link samplesToMicros}. */
export function microsToSamples(time: number, sampleRate: number): number {
  return Math.round((time * sampleRate) / 1_000_000);
}
