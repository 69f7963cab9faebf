import { checkKeys, createOperator, type VideoFrame } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { checkBoolean, checkMs } from '../options/check-option.ts';
import { type Color, parseColor } from '../options/color.ts';
import { exactFrameRate, type FrameRate } from '../options/exact-frame-rate.ts';
import { PlainPicture } from './picture/plain-picture.ts';
import { SilenceFiller } from './picture/silence-filler.ts';

/** When {@link blank} shows a blank picture, and in which colour. */
export interface BlankOptions {
  /** Default `black`. */
  readonly color?: Color;
  /** Whether pictures are blank at first. Default false. */
  readonly on?: boolean;
  /** How long the input is silent before blank pictures come by themselves, in milliseconds. Default never. */
  readonly afterMs?: number;
  /** Blank pictures per second while the input is silent. Default 5. */
  readonly frameRate?: FrameRate;
}

/** A running `blank`: the operator itself, and its handle. */
export interface BlankOperator extends OperatorFunction<VideoFrame, VideoFrame> {
  /** Whether the plain picture is shown. */
  readonly isOn: boolean;
  /** Covers pictures or shows them again, from the next one on. */
  setOn(on: boolean): void;
}

const controls = {
  'set-blank': {
    description: 'Shows a plain picture, or the input again.',
    schema: { type: 'object', properties: { on: { type: 'boolean' } }, required: ['on'] },
  },
};

/**
 * A plain picture instead of the input's: a covered camera, or what is shown when nothing comes any more.
 *
 * While it is on, each picture is replaced by one of a single colour with the same time, size, format and gap; what it
 * showed goes nowhere. The handle is `setOn()` on the returned operator, or in a graph the message
 * `{ type: 'set-blank', on }`. With `afterMs`, blank pictures of the last one's size also come when the input is silent
 * for so long by the clock, at `frameRate`, until it comes back; their timestamps go on as the clock does. Blank pictures
 * stand on the same bytes, drawn once for each size and format. An interruption ends those that fill a silence. The end
 * of the input is the end. Adds no latency.
 *
 * @example
 * ```ts
 * const cover = blank({ color: '#204080', afterMs: 2_000 });
 * camera.pipe(cover).subscribe(toCamera(device));
 * cover.setOn(true);
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range.
 * @see repeatLast, overlay
 */
export function blank(options: BlankOptions = {}): BlankOperator {
  checkKeys<BlankOptions>('blank', options, { color: true, on: true, afterMs: true, frameRate: true });
  const { color = 'black', afterMs } = options;
  let isOn = options.on ?? false;
  const rgba = parseColor('blank.color', color);
  const rate = exactFrameRate(options.frameRate ?? 5, 'blank.frameRate');
  checkBoolean('blank.on', isOn);
  if (afterMs !== undefined) checkMs('blank.afterMs', afterMs);
  const setOn = (on: boolean): void => {
    checkBoolean('setOn.on', on);
    isOn = on;
  };

  const operator = createOperator<VideoFrame, VideoFrame>({ name: 'blank', controls }, (destination, context) => {
    const plain = new PlainPicture(rgba);
    const picture = (last: VideoFrame) => plain.like(last);
    const filler =
      afterMs === undefined
        ? undefined
        : new SilenceFiller(destination, context, { rate, afterMs, maxMs: Number.POSITIVE_INFINITY, picture });
    const stopListening = context.onInterrupt((interruption) => {
      filler?.interrupt(interruption);
      plain.close();
    });
    const stopControl = context.onControl((message) => {
      if (message.type !== 'set-blank') return false;
      setOn(message.on as boolean);
      return true;
    });
    return {
      next(frame) {
        let shown = frame;
        if (isOn) {
          shown = plain.like(frame);
          frame.close();
        }
        if (filler === undefined) destination.next(shown);
        else filler.take(shown);
      },
      teardown() {
        stopListening();
        stopControl();
        filler?.close();
        plain.close();
      },
    };
  });
  Object.defineProperty(operator, 'isOn', { get: () => isOn, enumerable: true });
  return Object.assign(operator, { setOn }) as BlankOperator;
}
