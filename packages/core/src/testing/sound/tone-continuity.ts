import { checkKeys } from '../../check-keys.ts';
import { invalidArgument, outOfRange } from '../../errors.ts';
import { checkSampleRate } from '../../media/audio-format.ts';
import { fitSine, type SineFit } from './sine-fit.ts';

/** Which tone is followed, and what counts as a break. */
export interface ToneContinuityOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** The expected frequency of the tone in Hz. */
  readonly frequency: number;
  /** The smallest jump of phase that counts, in radians. Default: what half a lost sample makes. */
  readonly minPhaseStep?: number;
}

/** How a tone may break, as `toneContinuity` tells it; {@link ToneBreakKind} has what each means. */
export const toneBreakKinds = ['skip', 'repeat', 'click', 'dropout'] as const;
/** Samples are missing, samples came twice, a foreign sample, the tone went away. */
export type ToneBreakKind = (typeof toneBreakKinds)[number];

/** A place where a tone does not go on as it should. */
export interface ToneBreak {
  /** What the break is. */
  readonly kind: ToneBreakKind;
  /** Index of the first sample that does not continue what was before. */
  readonly position: number;
  /** How far the tone jumped, -pi to pi radians; positive if it jumped ahead. */
  readonly phase: number;
  /**
   * The same in samples, modulo a period: how many were lost (positive) or repeated (negative). A jump of whole periods
   * cannot be seen: choose a tone of which 10 ms and 20 ms hold no whole number of periods (441 Hz, not 1,000).
   */
  readonly samples: number;
}

/** Whether a tone goes on without a break, and where it does not. */
export interface ToneContinuity {
  /** In their order. */
  readonly breaks: readonly ToneBreak[];
  /** How many there are. */
  readonly count: number;
  /** The frequency between breaks, in Hz. */
  readonly frequency: number;
}

/**
 * Finds every place where a tone is not the continuation of itself: dropped and repeated samples, clicks, holes. The
 * signal is cut into blocks of three periods, at least 3 ms; a sine is fitted to each; phases of neighbours must
 * continue each other, and no block may hold more noise than the others. Breaks nearer than two blocks count as one,
 * and the first and last block are only compared inwards.
 */
export function toneContinuity(samples: Int16Array, options: ToneContinuityOptions): ToneContinuity {
  checkKeys<ToneContinuityOptions>('toneContinuity', options, {
    sampleRate: true,
    frequency: true,
    minPhaseStep: true,
  });
  const { sampleRate, frequency } = options;
  checkSampleRate(sampleRate);
  if (!(frequency > 0 && frequency < sampleRate / 2))
    throw outOfRange('frequency', `above 0 and below ${sampleRate / 2} Hz`, frequency);
  const block = Math.ceil(sampleRate * Math.max(3 / frequency, 0.003));
  if (samples.length < 6 * block) throw invalidArgument('samples', `at least ${6 * block} samples`, samples);
  const track = followPhase(samples, (2 * Math.PI * frequency) / sampleRate, block);
  const threshold = Math.max(options.minPhaseStep ?? track.omega / 2, 8 * track.jitter);
  const breaks = findBreaks(samples, track, threshold);
  return { breaks, count: breaks.length, frequency: (track.omega * sampleRate) / (2 * Math.PI) };
}

interface PhaseTrack {
  readonly block: number;
  /** Radians a sample between breaks. */
  readonly omega: number;
  readonly fits: readonly SineFit[];
  /** Blocks that hold the tone and little else. */
  readonly clean: readonly boolean[];
  /** Spread of the phase between neighbours, in radians. */
  readonly jitter: number;
}

function followPhase(samples: Int16Array, nominal: number, block: number): PhaseTrack {
  const count = Math.floor(samples.length / block);
  const omega = steadyOmega(samples, nominal, block, count);
  const fits = Array.from({ length: count }, (_, index) => fitSine(samples, omega, index * block, (index + 1) * block));
  const amplitude = median(fits.map((fit) => fit.amplitude));
  const noise = median(fits.map((fit) => fit.residual));
  const clean = fits.map(
    (fit) => Math.abs(fit.amplitude - amplitude) < 0.2 * amplitude + 2 && fit.residual < 4 * noise + 1,
  );
  const steps = fits.slice(1).map((fit, index) => Math.abs(jump(omega * block, fits[index]!, fit, 1)));
  return { block, omega, fits, clean, jitter: 1.5 * median(steps) };
}

/** The frequency from the median advance of the phase, which a few breaks do not move; found in two rounds. */
function steadyOmega(samples: Int16Array, nominal: number, block: number, count: number): number {
  let omega = nominal;
  for (let round = 0; round < 3; round++) {
    const phases = Array.from({ length: count }, (_, i) => fitSine(samples, omega, i * block, (i + 1) * block).phase);
    const steps = phases.slice(1).map((phase, index) => wrap(phase - phases[index]! - omega * block));
    omega += median(steps) / block;
  }
  return omega;
}

/** How far the phase of `later`, `blocks` further on, is ahead of where `earlier` would have it. */
function jump(advance: number, earlier: SineFit, later: SineFit, blocks: number): number {
  return wrap(later.phase - earlier.phase - blocks * advance);
}

function findBreaks(samples: Int16Array, track: PhaseTrack, threshold: number): ToneBreak[] {
  const { block, omega, fits, clean } = track;
  const good = clean.flatMap((isClean, index) => (isClean ? [index] : []));
  const breaks: ToneBreak[] = [];
  const stepBetween = (a: number, b: number) => jump(omega * block, fits[a]!, fits[b]!, b - a);
  if ((good[0] ?? 0) > 0) breaks.push(describe(samples, track, undefined, good[0]!, 0, threshold));
  let previousStep = 0;
  for (let at = 1; at < good.length; at++) {
    const [before, after] = [good[at - 1]!, good[at]!];
    const step = stepBetween(before, after);
    if (after > before + 1 || Math.abs(step) > threshold) {
      breaks.push(describe(samples, track, before, after, step, threshold));
      previousStep = 0;
      continue;
    }
    // A break in the middle of a block that still looks clean shows as two halves.
    if (Math.abs(previousStep + step) > threshold && at >= 2) {
      breaks.push(describe(samples, track, good[at - 2], after, previousStep + step, threshold));
      previousStep = 0;
    } else previousStep = step;
  }
  const last = good.at(-1);
  if (last !== undefined && last < fits.length - 1)
    breaks.push(describe(samples, track, last, undefined, 0, threshold));
  return breaks;
}

function describe(
  samples: Int16Array,
  track: PhaseTrack,
  before: number | undefined,
  after: number | undefined,
  phase: number,
  threshold: number,
): ToneBreak {
  const { block, omega, fits } = track;
  const start = before === undefined ? 0 : before * block;
  const end = after === undefined ? fits.length * block : (after + 1) * block;
  const old = before === undefined ? undefined : continued(fits[before]!, omega, before * block);
  const next = after === undefined ? undefined : continued(fits[after]!, omega, after * block);
  const amplitude = median(fits.map((fit) => fit.amplitude));
  const between = fits.slice(before === undefined ? 0 : before + 1, after);
  const faded = between.some((fit) => fit.amplitude < 0.5 * amplitude);
  const jumped = Math.abs(phase) > threshold;
  const kind = faded ? 'dropout' : jumped ? (phase > 0 ? 'skip' : 'repeat') : 'click';
  const position =
    jumped && !faded && old !== undefined && next !== undefined
      ? switchPoint(samples, old, next, start, end)
      : firstDeviation(samples, old ?? next!, start, end);
  return { kind, position, phase, samples: phase / omega };
}

/** The fitted sine as a function of the absolute sample index. */
function continued(fit: SineFit, omega: number, start: number): (index: number) => number {
  return (index) =>
    fit.offset + fit.cosine * Math.cos(omega * (index - start)) + fit.sine * Math.sin(omega * (index - start));
}

/** Where one sine hands over to another with the smallest error. */
function switchPoint(
  samples: Int16Array,
  old: (index: number) => number,
  next: (index: number) => number,
  start: number,
  end: number,
): number {
  let balance = 0;
  let best = 0;
  let position = start;
  for (let index = start; index < end; index++) {
    balance += (samples[index]! - old(index)) ** 2 - (samples[index]! - next(index)) ** 2;
    if (balance < best) {
      best = balance;
      position = index + 1;
    }
  }
  return position;
}

function firstDeviation(samples: Int16Array, model: (index: number) => number, start: number, end: number): number {
  let largest = 0;
  for (let index = start; index < end; index++) largest = Math.max(largest, Math.abs(samples[index]! - model(index)));
  for (let index = start; index < end; index++)
    if (Math.abs(samples[index]! - model(index)) > largest / 3) return index;
  return start;
}

function wrap(phase: number): number {
  return phase - 2 * Math.PI * Math.round(phase / (2 * Math.PI));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
