import { type AudioFrame, checkKeys, createOperator } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { stretchDelayMs } from '../kernels/time-stretcher.ts';
import { checkNumber } from '../options/check-option.ts';
import { StretchedSound } from './stretched-sound.ts';

/** How fast {@link timeStretch} plays. */
export interface TimeStretchOptions {
  /** Tempo, 0.5 to 2: 2 is twice as fast. Default 1. */
  readonly rate?: number;
}

/** A running time stretch: the operator itself, and the knob. */
export interface TimeStretchOperator extends OperatorFunction<AudioFrame, AudioFrame> {
  /** The tempo that was last asked for. */
  readonly rate: number;
  /** Goes on at another tempo, from what leaves next on. */
  setRate(rate: number): void;
}

const rateRule = { min: 0.5, max: 2, unit: 'times the tempo' };

const controls = {
  'set-rate': {
    description: 'Plays faster or slower, in the same pitch.',
    schema: {
      type: 'object',
      properties: { rate: { type: 'number', description: 'How many times as fast.' } },
      required: ['rate'],
    },
  },
};

/**
 * Plays faster or slower at the same pitch.
 *
 * For n samples `n / rate` leave, rounded. Segments of 20 ms are moved by up to 10 ms to where they go on most alike (WSOLA); at rate 1
 * every sample leaves as it came. The knob is `setRate()` on the returned operator, or in a graph the message
 * `{ type: 'set-rate', rate }`. Timestamps count what leaves, from that of the first frame: where time was missing in what entered,
 * as much divided by the rate is missing in what leaves, and gaps are as much shorter or longer. The tail leaves at the end,
 * before a gap, a jump in time, another utterance or format, and when a live stream pauses. An interruption drops what is kept.
 * Frames are closed and new ones leave. A live source cannot be played faster than it speaks, and
 * what is played slower than it comes waits on the link. Adds 30 ms of latency.
 *
 * @example
 * ```ts
 * const tempo = timeStretch({ rate: 1.25 });
 * bot.from(fromWavFile('story.wav')).pipe(tempo).to(speaks);
 * tempo.setRate(0.8);
 * ```
 * @throws TypeError, RangeError at once, here and in `setRate`, for a rate that is none
 */
export function timeStretch(options: TimeStretchOptions = {}): TimeStretchOperator {
  checkKeys<TimeStretchOptions>('timeStretch', options, { rate: true });
  let { rate = 1 } = options;
  checkNumber('timeStretch.rate', rate, rateRule);
  const running = new Set<StretchedSound>();
  const setRate = (wanted: number) => {
    checkNumber('setRate.rate', wanted, rateRule);
    rate = wanted;
    for (const sound of running) sound.rate = rate;
  };
  const spec = { name: 'timeStretch', latencyMs: stretchDelayMs, restamps: true, controls };
  const operator = createOperator<AudioFrame, AudioFrame>(spec, (destination, context) => {
    const sound = new StretchedSound(destination, context, rate);
    running.add(sound);
    const stopListening = context.onInterrupt((interruption) => sound.drop(interruption));
    const stopControl = context.onControl((message) => {
      if (message.type !== 'set-rate') return false;
      setRate(message.rate as number);
      return true;
    });
    return {
      next: (frame) => sound.take(frame),
      complete() {
        sound.flush();
        destination.complete();
      },
      teardown() {
        stopListening();
        stopControl();
        running.delete(sound);
        sound.drop();
      },
    };
  });
  Object.defineProperty(operator, 'rate', { get: () => rate, enumerable: true });
  return Object.assign(operator, { setRate }) as TimeStretchOperator;
}
