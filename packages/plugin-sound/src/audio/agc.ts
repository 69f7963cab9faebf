import { type AudioFrame, checkKeys } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { LevelControl } from '../kernels/level-control.ts';
import { SpeechLevel } from '../kernels/speech-level.ts';
import { checkNumber } from '../options/check-option.ts';
import { shapeSound } from './shape-sound.ts';
import type { ShapedSound } from './shaped-sound.ts';

/** To which loudness {@link agc} brings speech, how far and how fast. */
export interface AgcOptions {
  /** Loudness of the speech that leaves, in LUFS, -60 to -5. Default -20. */
  readonly targetLufs?: number;
  /** What is softer than this is never speech, in LUFS, -90 to -10. Default -60. */
  readonly gateLufs?: number;
  /** The most it raises, in dB, 0 to 60. Default 30. */
  readonly maxGainDb?: number;
  /** The most it lowers, in dB, 0 to 60. Default 30. */
  readonly maxCutDb?: number;
  /** How fast it raises while somebody speaks, in dB a second, 0.1 to 1,000. Default 12. */
  readonly raiseDbPerSecond?: number;
  /** How fast it lowers one voice, in dB a second, 0.1 to 1,000; a louder one that begins is lowered thirty times as fast. Default 24. */
  readonly lowerDbPerSecond?: number;
  /** No sample exceeds this, in dBFS, -20 to 0. Default -1. */
  readonly ceilingDb?: number;
}

/** A running level control: the operator itself, and what it does. */
export interface AgcOperator extends OperatorFunction<AudioFrame, AudioFrame> {
  /** The gain now, in dB: that of the subscription that began last; 0 before. */
  readonly gainDb: number;
  /** Goes on to another loudness, as fast as it may, from the next frame on. */
  setTarget(targetLufs: number): void;
}

const targetRule = { min: -60, max: -5, unit: 'LUFS' };

const controls = {
  'set-target': {
    description: 'Brings speech to another loudness from now on, as fast as it may.',
    schema: {
      type: 'object',
      properties: { targetLufs: { type: 'number', minimum: -60, maximum: -5, description: 'LUFS.' } },
      required: ['targetLufs'],
    },
  },
};

/**
 * Brings speech to one loudness, whoever speaks and however far from the microphone (automatic gain control).
 *
 * Each 10 ms are K-weighted as in BS.1770. They count as speech if they are louder than `gateLufs` and 9 dB above the noise floor,
 * the quietest 100 ms of the last 3 s, and 200 ms behind that; the level is their mean over 1.5 s of speech. The gain moves
 * towards what is missing to the target no faster than allowed, on straight lines, and stands still while nobody speaks: silence and
 * steady noise are not raised, and a tone that goes on for 3 s is noise. Speech that leaves more than 8 dB too loud for 100 ms is another
 * voice: its level is learned anew, and it is lowered thirty times as fast until it is right. A limiter keeps peaks below `ceilingDb`. All channels get
 * one gain. The knob is `setTarget()` on the returned operator, or in a graph the message `{ type: 'set-target', targetLufs }`. What was learned outlives gaps, interruptions and changes of format. Adds no latency.
 *
 * @example
 * ```ts
 * voice.pipe(agc({ targetLufs: -18 })).to(speaks);
 * ```
 * @throws TypeError, RangeError at once, here and in `setTarget`, for options of the wrong kind or range
 * @see loudness to measure it, compressor for what changes within a word
 */
export function agc(options: AgcOptions = {}): AgcOperator {
  checkKeys<AgcOptions>('agc', options, {
    targetLufs: true,
    gateLufs: true,
    maxGainDb: true,
    maxCutDb: true,
    raiseDbPerSecond: true,
    lowerDbPerSecond: true,
    ceilingDb: true,
  });
  const { targetLufs = -20, gateLufs = -60, maxGainDb = 30, maxCutDb = 30 } = options;
  const { raiseDbPerSecond = 12, lowerDbPerSecond = 24, ceilingDb = -1 } = options;
  checkNumber('agc.targetLufs', targetLufs, targetRule);
  checkNumber('agc.gateLufs', gateLufs, { min: -90, max: -10, unit: 'LUFS' });
  checkNumber('agc.maxGainDb', maxGainDb, { min: 0, max: 60, unit: 'dB' });
  checkNumber('agc.maxCutDb', maxCutDb, { min: 0, max: 60, unit: 'dB' });
  checkNumber('agc.raiseDbPerSecond', raiseDbPerSecond, { min: 0.1, max: 1_000, unit: 'dB/s' });
  checkNumber('agc.lowerDbPerSecond', lowerDbPerSecond, { min: 0.1, max: 1_000, unit: 'dB/s' });
  checkNumber('agc.ceilingDb', ceilingDb, { min: -20, max: 0, unit: 'dBFS' });
  let settings = { targetLufs, gateLufs, maxGainDb, maxCutDb, raiseDbPerSecond, lowerDbPerSecond };
  let last: SpeechLevel | undefined;
  const running = new Set<ShapedSound<LevelControl>>();
  const setTarget = (target: number) => {
    checkNumber('setTarget.targetLufs', target, targetRule);
    settings = { ...settings, targetLufs: target };
    for (const sound of running) sound.processor?.setTarget(target);
  };
  const operator = shapeSound({
    spec: { name: 'agc', controls },
    begin: () => {
      const level = new SpeechLevel(settings);
      last = level;
      return (sampleRate, channels) => new LevelControl(sampleRate, channels, level, ceilingDb);
    },
    running,
    control: ({ type, targetLufs: target }) => {
      if (type !== 'set-target') return false;
      setTarget(target as number);
      return true;
    },
  });
  Object.defineProperty(operator, 'gainDb', { get: () => last?.gainDb ?? 0, enumerable: true });
  return Object.assign(operator, { setTarget }) as AgcOperator;
}
