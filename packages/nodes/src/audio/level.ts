import { type ActorContext, type AudioFrame, checkKeys, createStep, type Micros, samplesToMicros } from '@sluice/core';
import { type Observable, type OperatorFunction, Subject } from 'rxjs';
import { LevelSum, toDbfs } from '../kernels/audio/level.ts';
import { checkFunction, checkNumber } from '../options/check-option.ts';

/** Levels of one channel. 1 and 0 dBFS are full scale; a full-scale sine has an RMS of -3.01 dBFS. */
export interface ChannelLevel {
  /** Effective value, 0 to 1. */
  readonly rms: number;
  /** Largest magnitude of a sample, 0 to 1. */
  readonly peak: number;
  /** The effective value in dBFS; `-Infinity` for silence. */
  readonly rmsDb: number;
  /** The peak in dBFS; `-Infinity` for silence. */
  readonly peakDb: number;
}

/** Levels of a stretch of audio: of all channels together, and of each. */
export interface LevelReading extends ChannelLevel {
  /** Media time of the first sample. */
  readonly timestamp: Micros;
  /** Media time that it covers, in microseconds. */
  readonly duration: Micros;
  /** Of each channel, in their order. */
  readonly channels: readonly ChannelLevel[];
}

/** How often {@link level} tells the level of a sound, and whom. */
export interface LevelOptions {
  /** Media time that a reading covers, in milliseconds. Default 100. */
  readonly intervalMs?: number;
  /** Gets each reading. What it throws is reported, and the audio goes on. */
  readonly onLevel?: (reading: LevelReading) => void;
}

/** A running level meter: the operator itself, and its readings. */
export interface LevelOperator extends OperatorFunction<AudioFrame, AudioFrame> {
  /** The readings of every subscription. */
  readonly readings: Observable<LevelReading>;
}

/**
 * Measures RMS and peak, and passes the audio untouched.
 *
 * A reading covers `intervalMs` of media, counted in samples; a shorter one comes before a gap, a change of format or
 * epoch, and at the end. It is given out when its last frame arrives, before that frame leaves. Adds no latency.
 *
 * @example
 * ```ts
 * mic.pipe(level({ onLevel: ({ rmsDb }) => draw(rmsDb) })).subscribe(toWavFile('mic.wav'));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see meter, tap
 */
export function level(options: LevelOptions = {}): LevelOperator {
  checkKeys<LevelOptions>('level', options, { intervalMs: true, onLevel: true });
  const { intervalMs = 100, onLevel } = options;
  checkNumber('level.intervalMs', intervalMs, { min: 1, max: 3_600_000, unit: 'ms' });
  if (onLevel !== undefined) checkFunction('level.onLevel', onLevel);
  const readings = new Subject<LevelReading>();
  const give = (reading: LevelReading, context: ActorContext) => {
    try {
      onLevel?.(reading);
    } catch (error) {
      context.report(error);
    }
    readings.next(reading);
  };

  const operator = createStep<AudioFrame, AudioFrame>({ name: 'level' }, (context) => {
    let sum = new LevelSum(1);
    let sampleRate = 0;
    let epoch = 0;
    let start = 0 as Micros;
    let wanted = 0;

    const finish = () => {
      if (sum.length === 0) return;
      const reading = readingOf(sum, start, sampleRate);
      sum.clear();
      give(reading, context);
    };
    const begin = (frame: AudioFrame) => {
      finish();
      if (sum.channels !== frame.channels) sum = new LevelSum(frame.channels);
      ({ sampleRate, epoch } = frame);
      wanted = Math.max(1, Math.round((intervalMs * sampleRate) / 1000));
    };

    return {
      next(frame) {
        const { samples, channels } = frame;
        if (
          frame.gap !== undefined ||
          frame.epoch !== epoch ||
          frame.sampleRate !== sampleRate ||
          channels !== sum.channels
        )
          begin(frame);
        for (let offset = 0; offset < samples.length; ) {
          if (sum.length === 0) start = (frame.timestamp + samplesToMicros(offset / channels, sampleRate)) as Micros;
          const end = Math.min(samples.length, offset + (wanted - sum.length) * channels);
          sum.add(samples, offset, end);
          offset = end;
          if (sum.length === wanted) finish();
        }
        return frame;
      },
      complete: finish,
    };
  });
  return Object.assign(operator, { readings: readings.asObservable() });
}

function readingOf(sum: LevelSum, timestamp: Micros, sampleRate: number): LevelReading {
  const channels = Array.from(sum.peaks, (peak, channel) => channelLevel(sum.energies[channel]! / sum.length, peak));
  const energy = sum.energies.reduce((total, value) => total + value, 0) / (sum.length * sum.channels);
  return {
    ...channelLevel(energy, Math.max(...sum.peaks)),
    timestamp,
    duration: samplesToMicros(sum.length, sampleRate),
    channels,
  };
}

function channelLevel(meanSquare: number, highest: number): ChannelLevel {
  const rms = Math.sqrt(meanSquare) / 32_768;
  const peak = highest / 32_768;
  return { rms, peak, rmsDb: toDbfs(rms), peakDb: toDbfs(peak) };
}
