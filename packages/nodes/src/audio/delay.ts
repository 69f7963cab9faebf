import {
  AudioFrame,
  checkKeys,
  createOperator,
  type Micros,
  microsToSamples,
  millisToMicros,
  withCredit,
} from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { checkChoice, checkMs } from '../options/check-option.ts';

/** By how much, and in which sense, {@link delay} delays. */
export interface DelayOptions {
  /** How long, in milliseconds, up to 60,000. */
  readonly ms: number;
  /**
   * `silence` puts silence before the first frame and moves the timestamps; `clock` keeps each frame for that long by
   * the clock and leaves it as it is. Default `silence`.
   */
  readonly by?: 'silence' | 'clock';
}

/**
 * Lets audio come later.
 *
 * By silence, the delay is exact to the sample, needs no clock and works offline: the silence leaves with the first
 * frame, in its format and epoch, and timestamps move by its length. By the clock, frames keep their timestamps and
 * leave in order when their time has come; the source is held back meanwhile if it can be, and an interruption drops
 * what waits. Latency: `ms`.
 *
 * @example
 * ```ts
 * fromSpeaker(speaker).pipe(delay({ ms: 120 })).subscribe(toMicrophone(mic));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see pace
 */
export function delay(options: DelayOptions): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<DelayOptions>('delay', options, { ms: true, by: true });
  const { ms, by = 'silence' } = options;
  checkMs('delay.ms', ms, 60_000);
  checkChoice('delay.by', by, ['silence', 'clock']);
  return by === 'silence' ? delayBySilence(ms) : delayByClock(ms);
}

function delayBySilence(ms: number): OperatorFunction<AudioFrame, AudioFrame> {
  const shift = millisToMicros(ms);
  const spec = { name: 'delay', latencyMs: ms, restamps: true };
  return createOperator<AudioFrame, AudioFrame>(spec, (destination) => {
    let begun = false;
    return {
      next(frame) {
        if (!begun) {
          begun = true;
          const { sampleRate, channels, channelMask, epoch, timestamp } = frame;
          const samples = new Int16Array(microsToSamples(shift, sampleRate) * channels);
          const format = { sampleRate, channels, channelMask };
          if (samples.length > 0) destination.next(new AudioFrame({ ...format, samples, epoch, timestamp }));
        }
        if (destination.closed) frame.close();
        else destination.next(frame.move({ timestamp: (frame.timestamp + shift) as Micros }));
      },
    };
  });
}

/** The shortest frame that is common, in milliseconds: so many may wait. */
const SHORTEST_FRAME_MS = 5;

function delayByClock(ms: number): OperatorFunction<AudioFrame, AudioFrame> {
  const maxHeld = Math.ceil(ms / SHORTEST_FRAME_MS) + 1;
  const spec = { name: 'delay', latencyMs: ms, maxHeld };
  const operator = createOperator<AudioFrame, AudioFrame>(spec, (destination, context) => {
    const queue: { readonly frame: AudioFrame; readonly due: number; readonly release: () => void }[] = [];
    let cancelTimer: (() => void) | undefined;
    let ended = false;
    let draining = false;

    const onTimer = () => {
      cancelTimer = undefined;
      drain();
    };
    const drain = () => {
      if (draining) return;
      draining = true;
      for (let head = queue[0]; head !== undefined; head = queue[0]) {
        if (head.due > context.clock.now()) {
          cancelTimer = context.clock.at(head.due, onTimer);
          break;
        }
        queue.shift();
        destination.next(head.frame);
        head.release();
      }
      draining = false;
      if (ended && queue.length === 0) destination.complete();
    };
    const clear = () => {
      cancelTimer?.();
      cancelTimer = undefined;
      for (const { frame, release } of queue.splice(0)) {
        frame.close();
        release();
      }
    };
    const stopListening = context.onInterrupt((interruption) => {
      for (const { frame } of queue) interruption.dropped(frame.duration);
      clear();
      if (ended) destination.complete();
    });

    return {
      next(frame) {
        queue.push({ frame, due: context.clock.now() + ms, release: context.hold() });
        if (cancelTimer === undefined) drain();
      },
      complete() {
        ended = true;
        if (queue.length === 0) destination.complete();
      },
      teardown() {
        stopListening();
        clear();
      },
    };
  });
  return withCredit(maxHeld, operator);
}
