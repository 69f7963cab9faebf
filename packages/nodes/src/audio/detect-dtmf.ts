import {
  type ActorContext,
  type AudioFrame,
  checkKeys,
  createOperator,
  type Micros,
  microsToSamples,
  outOfRange,
  sameAudioFormat,
  samplesToMicros,
} from '@sluice/core';
import { type Observable, type OperatorFunction, Subject } from 'rxjs';
import { DtmfDetector, lowestDtmfRate, type TellDigit } from '../kernels/audio/dtmf-detector.ts';
import { checkFunction, checkNumber } from '../options/check-option.ts';

/** A key that was pressed and let go. */
export interface DtmfDigit {
  /** `0` to `9`, `*`, `#`, `A` to `D`. */
  readonly digit: string;
  /** Media time at which its tones began, within some 3 ms. */
  readonly start: Micros;
  /** Media time at which they ended. */
  readonly end: Micros;
  /** How much media had come after `end` when it was told, in milliseconds: up to 25, and what its frame had more. */
  readonly lateMs: number;
}

/** Who is told of digits, and how loud they have to be: see {@link detectDtmf}. */
export interface DetectDtmfOptions {
  /** Gets each digit once. What it throws is reported, and the audio goes on. */
  readonly onDigit?: (digit: DtmfDigit) => void;
  /** Peak of the weaker of the two tones that still counts, in dBFS. Default -45. */
  readonly minLevelDb?: number;
}

/** A running detector: the operator itself, and what it heard. */
export interface DetectDtmfOperator extends OperatorFunction<AudioFrame, AudioFrame> {
  /** The digits of every subscription. */
  readonly digits: Observable<DtmfDigit>;
}

/**
 * Hears the keys of a telephone in the sound, and passes the sound untouched.
 *
 * By the criteria of ITU-T Q.24: tones from 40 ms on (from 30 mostly, never 20), 1.5 % off and not 3.5, the column up to
 * 4 dB stronger than the row or 8 weaker; a pause of 40 ms parts two presses and 10 ms of silence does not. Speech and music
 * are no digits. A digit is told when its end is certain, before the frame that made it certain leaves; at a gap of more
 * than 40 ms, a change of format or epoch and the end it ends there. Of several channels the mean is heard. For rates from
 * 4 kHz on; below, that is reported once and nothing is heard. G.711 lets keys pass; Opus leaves 140 of 500 ms of them and is not to
 * be relied on. Adds no latency.
 *
 * @example
 * ```ts
 * fromParticipantAudio(client, caller).pipe(detectDtmf({ onDigit: ({ digit }) => console.log(digit) })).subscribe(toNull());
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see fromDtmf
 */
export function detectDtmf(options: DetectDtmfOptions = {}): DetectDtmfOperator {
  checkKeys<DetectDtmfOptions>('detectDtmf', options, { onDigit: true, minLevelDb: true });
  const { onDigit, minLevelDb = -45 } = options;
  if (onDigit !== undefined) checkFunction('detectDtmf.onDigit', onDigit);
  checkNumber('detectDtmf.minLevelDb', minLevelDb, { min: -90, max: 0, unit: 'dBFS' });
  const digits = new Subject<DtmfDigit>();
  const give = (digit: DtmfDigit, context: ActorContext) => {
    try {
      onDigit?.(digit);
    } catch (error) {
      context.report(error);
    }
    digits.next(digit);
  };

  const operator = createOperator<AudioFrame, AudioFrame>({ name: 'detectDtmf' }, (destination, context) => {
    let detector: DtmfDetector | undefined;
    let format = { sampleRate: 0, channels: 0 };
    let epoch = 0;
    /** Media time at the detector's `position`, and where that will be when the frame was heard. */
    let now = 0 as Micros;
    let heard = 0;

    const tell: TellDigit = (digit, start, end) => {
      const timeOf = (position: number) => (now + samplesToMicros(position - heard, format.sampleRate)) as Micros;
      give({ digit, start: timeOf(start), end: timeOf(end), lateMs: (now - timeOf(end)) / 1_000 }, context);
    };
    const begin = (frame: AudioFrame) => {
      detector?.flush(tell);
      const { sampleRate, channels } = frame;
      if (sampleRate < lowestDtmfRate && sampleRate !== format.sampleRate)
        context.report(outOfRange('the sample rate at detectDtmf', `${lowestDtmfRate} Hz or more`, sampleRate));
      detector = sampleRate < lowestDtmfRate ? undefined : new DtmfDetector(sampleRate, minLevelDb);
      format = { sampleRate, channels };
      epoch = frame.epoch;
      heard = 0;
    };

    return {
      next(frame) {
        if (frame.epoch !== epoch || !sameAudioFormat(frame, format)) begin(frame);
        else if (frame.gap !== undefined && detector !== undefined) {
          const missing = microsToSamples(frame.gap.duration, frame.sampleRate);
          detector.skip(missing, tell);
          heard += missing;
        }
        heard += frame.length;
        now = (frame.timestamp + frame.duration) as Micros;
        detector?.process(frame.samples, frame.channels, tell);
        destination.next(frame);
      },
      complete() {
        detector?.flush(tell);
        destination.complete();
      },
    };
  });
  return Object.assign(operator, { digits: digits.asObservable() });
}
