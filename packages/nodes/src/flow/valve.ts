import { type AudioFrame, checkKeys, createOperator, type Gap, joinGaps, type Micros } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { faded } from '../kernels/audio/fade.ts';
import { checkBoolean, checkChoice } from '../options/check-option.ts';
import { emit } from './emit.ts';

/** Whether a {@link valve} is open, and what leaves it while it is closed. */
export interface ValveOptions {
  /** Whether audio passes at first. Default true. */
  readonly open?: boolean;
  /** What leaves while it is closed: nothing (`drop`), or `silence` of the same length. Default `drop`. */
  readonly whenClosed?: 'drop' | 'silence';
}

/** A running valve: the operator itself, and its handle. */
export interface ValveOperator extends OperatorFunction<AudioFrame, AudioFrame> {
  /** Whether audio passes. */
  readonly isOpen: boolean;
  /** Opens or closes it, from the next frame on. */
  setOpen(open: boolean): void;
}

/** Length of the fade at each turn, in milliseconds. */
const FADE_MS = 5;

const controls = {
  'set-valve': {
    description: 'Opens or closes it.',
    schema: { type: 'object', properties: { open: { type: 'boolean' } }, required: ['open'] },
  },
};

/**
 * Lets audio pass, or not.
 *
 * It turns with the next frame, with a fade of 5 ms instead of a click. What is dropped leaves a gap (reason `source`)
 * on the frame after it. The handle is `setOpen()` on the returned operator, or in a graph the message
 * `{ type: 'set-valve', open }`. While it stays open frames pass untouched. Adds no latency.
 *
 * @example
 * ```ts
 * const mute = valve({ whenClosed: 'silence' });
 * source.pipe(mute).subscribe(toMicrophone(mic));
 * mute.setOpen(false);
 * ```
 * @throws TypeError at once for options of the wrong kind
 * @see switchTo, gain
 */
export function valve(options: ValveOptions = {}): ValveOperator {
  checkKeys<ValveOptions>('valve', options, { open: true, whenClosed: true });
  const { whenClosed = 'drop' } = options;
  let isOpen = options.open ?? true;
  checkBoolean('valve.open', isOpen);
  checkChoice('valve.whenClosed', whenClosed, ['drop', 'silence']);
  const setOpen = (open: boolean): void => {
    checkBoolean('setOpen.open', open);
    isOpen = open;
  };

  const operator = createOperator<AudioFrame, AudioFrame>({ name: 'valve', controls }, (destination, context) => {
    let passing = isOpen;
    let missing: Gap | undefined;
    const stopControl = context.onControl((message) => {
      if (message.type !== 'set-valve') return false;
      setOpen(message.open as boolean);
      return true;
    });

    /** The frame with its first milliseconds faded, the rest as it was or silent. */
    const turn = (frame: AudioFrame, opening: boolean): AudioFrame => {
      const length = Math.min(frame.length, Math.round((FADE_MS * frame.sampleRate) / 1000));
      const short = !opening && whenClosed === 'drop';
      const input = short ? frame.samples.subarray(0, length * frame.channels) : frame.samples;
      const out = frame.derive({
        samples: faded(input, frame.channels, 0, length, 'linear', !opening),
        gap: joinGaps(missing, frame.gap),
      });
      missing = undefined;
      if (short) lose((frame.duration - out.duration) as Micros, undefined);
      frame.close();
      return out;
    };
    const lose = (duration: Micros, gap: Gap | undefined) => {
      if (duration > 0) missing = joinGaps(joinGaps(missing, gap), { duration, reason: 'source' });
    };

    return {
      next(frame) {
        if (isOpen !== passing) {
          passing = isOpen;
          emit(destination, turn(frame, passing));
        } else if (passing) destination.next(frame);
        else if (whenClosed === 'silence') {
          const silent = frame.derive({ samples: new Int16Array(frame.samples.length) });
          frame.close();
          destination.next(silent);
        } else {
          lose(frame.duration, frame.gap);
          frame.close();
        }
      },
      teardown: stopControl,
    };
  });
  Object.defineProperty(operator, 'isOpen', { get: () => isOpen, enumerable: true });
  return Object.assign(operator, { setOpen }) as ValveOperator;
}
