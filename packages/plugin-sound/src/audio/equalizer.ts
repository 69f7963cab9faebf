import { type AudioFrame, checkKeys, invalidArgument } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { Equalizer } from '../kernels/equalizer.ts';
import { type EqualizerBand, equalizerBandTypes } from '../kernels/equalizer-band.ts';
import { checkNumber } from '../options/check-option.ts';
import { equalizerControls } from './equalizer-controls.ts';
import { shapeSound } from './shape-sound.ts';
import type { ShapedSound } from './shaped-sound.ts';

/** What {@link equalizer} raises and lowers, and how fast it changes. */
export interface EqualizerOptions {
  /** Filters, one after the other, up to 32. Default none. */
  readonly bands?: readonly EqualizerBand[];
  /** How long a change takes, in milliseconds, 1 to 10,000. Default 20. */
  readonly rampMs?: number;
}

/** A running equalizer: the operator itself, and its knobs. */
export interface EqualizerOperator extends OperatorFunction<AudioFrame, AudioFrame> {
  /** Those that were last asked for. */
  readonly bands: readonly EqualizerBand[];
  /** Moves to other bands, from the next frame on, without a click: the first of them from the first before, and so on. */
  setBands(bands: readonly EqualizerBand[]): void;
  /** Moves one band; what is not given stays as it is. The number behind the last adds one. @param index The first is 0 */
  setBand(index: number, change: Partial<EqualizerBand>): void;
}

const mostBands = 32;
const rampRule = { min: 1, max: 10_000, unit: 'ms' };

/**
 * Raises and lowers parts of the spectrum by filters of second order, and lets them be moved while it runs.
 *
 * Coefficients are those of the Audio EQ Cookbook, in double precision; a band above half the sample rate has nothing to do.
 * The knob is `setBands()` on the returned operator, or in a graph the message `{ type: 'set-bands', bands }`, and
 * `setBand()` or `{ type: 'set-band', index, band?, frequency?, db?, q? }`, whose `band` is the type, for one of them: coefficients move on straight lines, on which every filter is stable. What exceeds full scale is clamped: put `gain` before it
 * where much is raised. Gaps, timestamps and utterances pass, and without bands frames pass untouched; an interruption and a
 * change of format let nothing ring on. The memory of frames is used again once they are closed. Adds no latency.
 *
 * @example
 * ```ts
 * const tone = equalizer({ bands: [{ type: 'high-pass', frequency: 80 }, { type: 'peaking', frequency: 3_000, db: 4 }] });
 * voice.pipe(tone).to(speaks);
 * tone.setBands([{ type: 'high-pass', frequency: 120 }]);
 * ```
 * @throws TypeError, RangeError at once, here, in `setBands` and `setBand`, for bands that are none
 */
export function equalizer(options: EqualizerOptions = {}): EqualizerOperator {
  checkKeys<EqualizerOptions>('equalizer', options, { bands: true, rampMs: true });
  const { rampMs = 20 } = options;
  let bands = checkedBands('equalizer.bands', options.bands ?? []);
  checkNumber('equalizer.rampMs', rampMs, rampRule);
  const running = new Set<ShapedSound<Equalizer>>();
  const setBands = (wanted: readonly EqualizerBand[]) => {
    bands = checkedBands('setBands', wanted);
    for (const sound of running) sound.processor?.setBands(bands, rampMs);
  };
  const setBand = (index: number, change: Partial<EqualizerBand>) => {
    checkNumber('setBand.index', index, { min: 0, max: bands.length, unit: '' });
    if (!Number.isInteger(index)) throw invalidArgument('setBand.index', 'a whole number', index);
    setBands([...bands.slice(0, index), { ...bands[index], ...change } as EqualizerBand, ...bands.slice(index + 1)]);
  };
  const operator = shapeSound({
    spec: { name: 'equalizer', controls: equalizerControls },
    begin: () => (sampleRate, channels) => new Equalizer(sampleRate, channels, bands),
    running,
    control: ({ type: message, index, bands: all, band, ...change }) => {
      // `type` is that of the message.
      const kind = band === undefined ? {} : { type: band };
      if (message === 'set-bands') setBands(all as readonly EqualizerBand[]);
      else if (message === 'set-band') setBand(index as number, { ...change, ...kind } as Partial<EqualizerBand>);
      else return false;
      return true;
    },
  });
  Object.defineProperty(operator, 'bands', { get: () => bands, enumerable: true });
  return Object.assign(operator, { setBands, setBand }) as EqualizerOperator;
}

function checkedBands(name: string, bands: readonly EqualizerBand[]): readonly EqualizerBand[] {
  if (!Array.isArray(bands) || bands.length > mostBands)
    throw invalidArgument(name, `a list of up to ${mostBands} bands`, bands);
  return bands.map((band: EqualizerBand, index) => checkedBand(`${name}[${index}]`, band));
}

function checkedBand(name: string, band: EqualizerBand): EqualizerBand {
  if (typeof band !== 'object' || band === null) throw invalidArgument(name, 'a band', band);
  checkKeys<EqualizerBand>(name, band, { type: true, frequency: true, db: true, q: true });
  const { type, frequency, db, q } = band;
  if (!equalizerBandTypes.includes(type)) throw invalidArgument(`${name}.type`, equalizerBandTypes.join(', '), type);
  checkNumber(`${name}.frequency`, frequency, { min: 1, max: 384_000, unit: 'Hz' });
  if (db !== undefined) checkNumber(`${name}.db`, db, { min: -40, max: 40, unit: 'dB' });
  if (q !== undefined) checkNumber(`${name}.q`, q, { min: 0.05, max: 50, unit: '' });
  return { ...band };
}
