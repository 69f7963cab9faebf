// Operators on sound, and measures of whole sounds. No picture, and no end of a stream.

import {
  type ActorContext,
  type AudioFrame,
  checkKeys,
  createOperator,
  type Micros,
  sameAudioStream,
  samplesToMicros,
} from '@sluice/core';
import { type Observable, type OperatorFunction, Subject } from 'rxjs';
import { LoudnessMeter } from '../kernels/loudness-meter.ts';
import { LoudnessTotals } from '../kernels/loudness-totals.ts';
import { checkBoolean, checkFunction, checkNumber } from '../options/check-option.ts';

/** How loud a sound is, by EBU R 128. Silence, and a window that is not full yet, is `-Infinity`. */
export interface LoudnessReading {
  /** Media time up to which it was heard. */
  readonly timestamp: Micros;
  /** Of the last 400 ms, in LUFS. */
  readonly momentary: number;
  /** Of the last 3 s, in LUFS. */
  readonly shortTerm: number;
  /** Of everything since the beginning or `reset()`, gated, in LUFS. */
  readonly integrated: number;
  /** Loudness range of everything (EBU Tech 3342), in LU; 0 before 3 s. */
  readonly range: number;
  /** The highest peak of everything, between samples too, in dBTP; `NaN` with `truePeak: false`. */
  readonly truePeakDb: number;
}

/** How often {@link loudness} tells how loud a sound is, and whom. */
export interface LoudnessOptions {
  /** Media time between readings, in milliseconds, 100 to 60,000; rounded to steps of 100. Default 100. */
  readonly intervalMs?: number;
  /** Whether peaks between samples are looked for. Default true. */
  readonly truePeak?: boolean;
  /** Gets each reading. What it throws is reported, and the sound goes on. */
  readonly onLoudness?: (reading: LoudnessReading) => void;
}

/** A running loudness meter: the operator itself, its readings, and its beginning. */
export interface LoudnessOperator extends OperatorFunction<AudioFrame, AudioFrame> {
  /** The readings of every subscription. */
  readonly readings: Observable<LoudnessReading>;
  /** Begins anew, from the next frame on. */
  reset(): void;
}

const controls = { 'reset-loudness': { description: 'Forgets what was heard so far, and begins anew.' } };

/**
 * Measures loudness by ITU-R BS.1770-5 and EBU R 128, and passes the sound untouched.
 *
 * K-weighting is computed for each rate, channels count by what their mask says (surround 1.41, low frequencies nothing).
 * A reading is given out every `intervalMs` of media, when the frame that completes it arrives and before it leaves; a last
 * one comes at the end. What a gap leaves out is not there; after a change of format the windows fill anew,
 * and integrated loudness, range and peak go on. `reset()`, or in a graph the message `{ type: 'reset-loudness' }`, begins
 * all anew. It takes the same memory for a second and for a day. Adds no latency.
 *
 * @example
 * ```ts
 * import { fromWavFile, toNull } from '@sluice/nodes';
 * import { loudness } from '@sluice/plugin-sound';
 *
 * const meter = loudness({ intervalMs: 1000, onLoudness: ({ shortTerm }) => console.log(shortTerm.toFixed(1)) });
 * fromWavFile('speech.wav').pipe(meter).subscribe(toNull());
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see measureLoudness for sound that is there as a whole, agc to bring speech to a loudness
 */
export function loudness(options: LoudnessOptions = {}): LoudnessOperator {
  checkKeys<LoudnessOptions>('loudness', options, { intervalMs: true, truePeak: true, onLoudness: true });
  const { intervalMs = 100, truePeak = true, onLoudness } = options;
  checkNumber('loudness.intervalMs', intervalMs, { min: 100, max: 60_000, unit: 'ms' });
  checkBoolean('loudness.truePeak', truePeak);
  if (onLoudness !== undefined) checkFunction('loudness.onLoudness', onLoudness);
  const readings = new Subject<LoudnessReading>();
  const running = new Set<LoudnessStream>();
  const give = (reading: LoudnessReading, context: ActorContext) => {
    try {
      onLoudness?.(reading);
    } catch (error) {
      context.report(error);
    }
    readings.next(reading);
  };
  const reset = () => {
    for (const stream of running) stream.reset();
  };
  const operator = createOperator<AudioFrame, AudioFrame>({ name: 'loudness', controls }, (destination, context) => {
    const steps = Math.round(intervalMs / 100);
    const stream = new LoudnessStream(steps, truePeak, (reading) => give(reading, context));
    running.add(stream);
    const stopControl = context.onControl((message) => {
      if (message.type !== 'reset-loudness') return false;
      stream.reset();
      return true;
    });
    return {
      next(frame) {
        stream.hear(frame);
        destination.next(frame);
      },
      complete() {
        stream.end();
        destination.complete();
      },
      teardown() {
        stopControl();
        running.delete(stream);
      },
    };
  });
  return Object.assign(operator, { readings: readings.asObservable(), reset });
}

class LoudnessStream {
  readonly #steps: number;
  readonly #truePeak: boolean;
  readonly #give: (reading: LoudnessReading) => void;
  readonly #totals = new LoudnessTotals();
  #meter: LoudnessMeter | undefined;
  #format = { sampleRate: 0, channels: 0, channelMask: undefined as number | undefined };
  /** Steps since the last reading. */
  #ended = 0;
  /** Whether something was heard since the last reading. */
  #news = false;
  #heard = 0 as Micros;

  constructor(steps: number, truePeak: boolean, give: (reading: LoudnessReading) => void) {
    this.#steps = steps;
    this.#truePeak = truePeak;
    this.#give = give;
  }

  hear(frame: AudioFrame): void {
    if (this.#meter === undefined || !sameAudioStream(this.#format, frame)) this.#begin(frame);
    const { samples, channels, sampleRate, timestamp } = frame;
    for (let at = 0; at < samples.length; ) {
      // Whoever gets a reading may have begun all anew.
      const meter = this.#meter ?? this.#begin(frame);
      at = meter.add(samples, at);
      this.#news = true;
      this.#heard = (timestamp + samplesToMicros(at / channels, sampleRate)) as Micros;
      if (meter.stepEnded && ++this.#ended >= this.#steps) this.#tell(meter);
    }
  }

  end(): void {
    const { peak } = this.#totals;
    this.#meter?.flush();
    if (this.#meter !== undefined && (this.#news || this.#totals.peak > peak)) this.#tell(this.#meter);
  }

  reset(): void {
    this.#totals.clear();
    this.#meter = undefined;
    this.#ended = 0;
  }

  #begin({ sampleRate, channels, channelMask }: AudioFrame): LoudnessMeter {
    this.#meter?.flush();
    this.#format = { sampleRate, channels, channelMask };
    this.#meter = new LoudnessMeter(this.#format, this.#totals, this.#truePeak);
    return this.#meter;
  }

  #tell({ momentary, shortTerm }: LoudnessMeter): void {
    this.#ended = 0;
    this.#news = false;
    const { integrated, range } = this.#totals;
    const truePeakDb = this.#truePeak ? this.#totals.truePeakDb : Number.NaN;
    this.#give({ timestamp: this.#heard, momentary, shortTerm, integrated, range, truePeakDb });
  }
}
