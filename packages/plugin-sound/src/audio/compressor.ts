import { type AudioFrame, checkKeys } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { Compressor, type CompressorSettings } from '../kernels/compressor.ts';
import { checkNumber } from '../options/check-option.ts';
import { shapeSound } from './shape-sound.ts';
import type { ShapedSound } from './shaped-sound.ts';

/** From where on, by how much and how fast {@link compressor} lowers what is loud. */
export interface CompressorOptions {
  /** Level from which on it lowers, in dBFS, -80 to 0. Default -24. */
  readonly thresholdDb?: number;
  /** So many dB above the threshold become 1, 1 to 100; `Infinity` limits. Default 4. */
  readonly ratio?: number;
  /** How wide the bend at the threshold is, in dB, 0 to 40. Default 6. */
  readonly kneeDb?: number;
  /** Time in which it does 63 % of what is to be lowered, in milliseconds, 0 to 1,000. Default 5. */
  readonly attackMs?: number;
  /** The same for raising again, 1 to 10,000. Default 120. */
  readonly releaseMs?: number;
  /** What is added afterwards, in dB, -40 to 40. Default 0. */
  readonly makeupDb?: number;
  /** How far it sees loud sound coming, in milliseconds, 0 to 100: as much latency. Default 0. */
  readonly lookaheadMs?: number;
}

/** A running compressor: the operator itself, and what it does. */
export interface CompressorOperator extends OperatorFunction<AudioFrame, AudioFrame> {
  /** By how much it lowers now, in dB from 0 up: the most of all subscriptions. */
  readonly reductionDb: number;
  /** Goes on by other settings, from the next frame on and without a click; what is not given stays as it is. */
  setCompression(change: Omit<CompressorOptions, 'lookaheadMs'>): void;
}

const numbers = {
  thresholdDb: { min: -80, max: 0, unit: 'dBFS' },
  ratio: { min: 1, max: 100, unit: 'dB' },
  kneeDb: { min: 0, max: 40, unit: 'dB' },
  attackMs: { min: 0, max: 1_000, unit: 'ms' },
  releaseMs: { min: 1, max: 10_000, unit: 'ms' },
  makeupDb: { min: -40, max: 40, unit: 'dB' },
} as const;

type Moved = keyof typeof numbers;

const moved = {
  thresholdDb: true,
  ratio: true,
  kneeDb: true,
  attackMs: true,
  releaseMs: true,
  makeupDb: true,
} as const;

const controls = {
  'set-compression': {
    description: 'Goes on by other settings, without a click; what is not given stays as it is.',
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(numbers).map(([name, { min, max, unit }]) => [
          name,
          { type: 'number', minimum: min, maximum: max, description: `${min} to ${max} ${unit}.` },
        ]),
      ),
    },
  },
};

/**
 * Makes loud sound less loud, so that what is soft can be raised.
 *
 * Feed-forward: the level of each sample is that of its loudest channel, the gain follows from threshold, ratio and a
 * quadratic knee in decibels, and is smoothed with attack and release times. All channels get the same. With a lookahead
 * the gain is down when the peak comes; frames are then cut elsewhere, and the tail leaves at the end, before a change of format
 * and when a live stream pauses. What exceeds full scale is clamped. Gaps, timestamps and utterances stay with their samples;
 * an interruption drops what is held. The knob is `setCompression()` on the returned operator, or in a graph the message
 * `{ type: 'set-compression', thresholdDb?, ratio?, kneeDb?, attackMs?, releaseMs?, makeupDb? }`. Without reduction and makeup frames pass untouched. Adds `lookaheadMs` of latency.
 *
 * @example
 * ```ts
 * voice.pipe(compressor({ thresholdDb: -30, ratio: 3, makeupDb: 6 })).to(speaks);
 * ```
 * @throws TypeError, RangeError at once, here and in `setCompression`, for options of the wrong kind or range
 * @see agc for a level that follows the speaker over seconds
 */
export function compressor(options: CompressorOptions = {}): CompressorOperator {
  checkKeys<CompressorOptions>('compressor', options, { ...moved, lookaheadMs: true });
  const { thresholdDb = -24, ratio = 4, kneeDb = 6, attackMs = 5, releaseMs = 120 } = options;
  const { makeupDb = 0, lookaheadMs = 0 } = options;
  checkNumber('compressor.lookaheadMs', lookaheadMs, { min: 0, max: 100, unit: 'ms' });
  let settings = checkedSettings('compressor', {
    thresholdDb,
    ratio,
    kneeDb,
    attackMs,
    releaseMs,
    makeupDb,
    lookaheadMs,
  });
  const running = new Set<ShapedSound<Compressor>>();
  const setCompression = (change: Omit<CompressorOptions, 'lookaheadMs'>) => {
    checkKeys<Omit<CompressorOptions, 'lookaheadMs'>>('setCompression', change, moved);
    settings = checkedSettings('setCompression', { ...settings, ...change });
    for (const sound of running) sound.processor?.set(settings);
  };
  const operator = shapeSound({
    spec: { name: 'compressor', latencyMs: lookaheadMs, controls },
    begin: () => (sampleRate, channels) => new Compressor(sampleRate, channels, settings),
    running,
    control: ({ type, ...change }) => {
      if (type !== 'set-compression') return false;
      setCompression(change);
      return true;
    },
  });
  const reductionDb = () => Math.max(0, ...Array.from(running, ({ processor }) => processor?.reductionDb ?? 0));
  Object.defineProperty(operator, 'reductionDb', { get: reductionDb, enumerable: true });
  return Object.assign(operator, { setCompression }) as CompressorOperator;
}

function checkedSettings(name: string, settings: CompressorSettings): CompressorSettings {
  for (const key of Object.keys(numbers) as Moved[])
    if (key !== 'ratio' || settings.ratio !== Number.POSITIVE_INFINITY)
      checkNumber(`${name}.${key}`, settings[key], numbers[key]);
  return settings;
}
