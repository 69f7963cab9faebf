import { Fourier } from './fourier.ts';
import type { KeptSound, PlacedSound } from './kept-sound.ts';

/** How two sounds lie to each other. */
export interface SoundOffset {
  /** By how much the second comes later in media time, in milliseconds; negative for earlier. */
  readonly ms: number;
  /** How alike they are then, 0 to 1; one that is the other turned upside down is as alike. */
  readonly likeness: number;
}

/** Both are compared at this rate, whatever theirs is: to a quarter of a millisecond. */
const RATE = 4_000;
/** What is less alike only fits somehow. */
const ALIKE = 0.3;
/** A steady tone fits once in each of its periods: of all that fit as well, the nearest is meant. */
const AS_WELL = 0.98;

/** Finds by cross-correlation how the sounds of two links lie to each other; undefined where they have too little in common. */
export function alignSounds(first: KeptSound, second: KeptSound): SoundOffset | undefined {
  const [one, other] = [first.placed(RATE), second.placed(RATE)];
  if (one === undefined || other === undefined) return undefined;
  const between = (other.startMicros - one.startMicros) / 1_000;
  const fits = correlate(one.mono, other.mono);
  const fitOf = (lag: number) => Math.abs(fits[(lag + fits.length) % fits.length]!);
  let best = 0;
  const peaks: { readonly lag: number; readonly fit: number; readonly ms: number }[] = [];
  for (let lag = 1 - one.mono.length; lag < other.mono.length; lag++) {
    const fit = fitOf(lag);
    if (fit < AS_WELL * best || fit < fitOf(lag - 1) || fit < fitOf(lag + 1)) continue;
    best = Math.max(best, fit);
    peaks.push({ lag, fit, ms: (1_000 * lag) / RATE + between });
  }
  const [near] = peaks.filter(({ fit }) => fit >= AS_WELL * best).sort((a, b) => Math.abs(a.ms) - Math.abs(b.ms));
  if (near === undefined || best === 0) return undefined;
  const likeness = near.fit / energyOf(one, other, near.lag);
  return likeness < ALIKE ? undefined : { ms: near.ms, likeness };
}

/** How well the second fits the first at each shift of it: negative ones from the end on. */
function correlate(one: Float64Array, other: Float64Array): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(one.length + other.length));
  const fourier = new Fourier(size);
  const spectrumOf = (sound: Float64Array) => {
    const [real, imaginary] = [new Float64Array(size), new Float64Array(size)];
    real.set(sound);
    fourier.transform(real, imaginary);
    return { real, imaginary };
  };
  const [a, b] = [spectrumOf(one), spectrumOf(other)];
  for (let at = 0; at < size; at++) {
    const re = a.real[at]! * b.real[at]! + a.imaginary[at]! * b.imaginary[at]!;
    a.imaginary[at] = (a.real[at]! * b.imaginary[at]! - a.imaginary[at]! * b.real[at]!) / size;
    a.real[at] = re / size;
  }
  fourier.transform(a.imaginary, a.real);
  return a.real;
}

/** Of what lies on top of each other: what the fit of two equal sounds would be. */
function energyOf({ mono: one }: PlacedSound, { mono: other }: PlacedSound, lag: number): number {
  let [first, second] = [0, 0];
  for (let at = Math.max(0, -lag); at < Math.min(one.length, other.length - lag); at++) {
    first += one[at]! ** 2;
    second += other[at + lag]! ** 2;
  }
  return Math.sqrt(first * second);
}
