// Operators on sound: gain, fades, resampling, remixing, rechunking, levels, delay, silence, noise,
// the keys of telephones. No picture, and no end of a stream.

import { type AudioFrame, checkKeys, createStep } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { GainRamp } from '../kernels/audio/gain-ramp.ts';
import { decibelsToGain } from '../kernels/clamp.ts';
import { checkDb, checkMs } from '../options/check-option.ts';

/** By how much {@link gain} changes the level, and how fast. */
export interface GainOptions {
  /** Decibels, up to +60; `-Infinity` is silence. Default 0. */
  readonly db?: number;
  /** How long a change takes, in milliseconds. Default 10. */
  readonly rampMs?: number;
}

/** A running gain: the operator itself, and the knob. */
export interface GainOperator extends OperatorFunction<AudioFrame, AudioFrame> {
  /** The gain that was last asked for, in decibels. */
  readonly db: number;
  /** Moves to a new gain, from the next frame on, without a click. `rampMs` defaults to the operator's. */
  setGain(db: number, options?: { readonly rampMs?: number }): void;
}

const controls = {
  'set-gain': {
    description: 'Moves to another gain, without a click.',
    schema: {
      type: 'object',
      properties: {
        db: { type: 'number', maximum: 60, description: 'Decibels.' },
        rampMs: { type: 'number', minimum: 0, description: 'How long it takes, in milliseconds.' },
      },
      required: ['db'],
    },
  },
};

/**
 * Makes audio louder or softer, and lets the level be moved while it runs.
 *
 * Changes are linear ramps per sample, so they do not click; what exceeds full scale is clamped. The knob is
 * `setGain()` on the returned operator, or in a graph the message `{ type: 'set-gain', db, rampMs? }`. Gaps, epochs,
 * timestamps and changes of format pass; at 0 dB frames pass untouched, otherwise the received frame is closed and a
 * new one leaves. Adds no latency.
 *
 * @example
 * ```ts
 * const volume = gain({ db: -6 });
 * music.pipe(volume).subscribe(toMicrophone(mic));
 * volume.setGain(-20, { rampMs: 200 });
 * ```
 * @throws TypeError, RangeError at once, here and in `setGain`, for a value that is no gain or length of time.
 * @see fade, mix
 */
export function gain(options: GainOptions = {}): GainOperator {
  checkKeys<GainOptions>('gain', options, { db: true, rampMs: true });
  const rampMs = options.rampMs ?? 10;
  let wanted = options.db ?? 0;
  checkDb('gain.db', wanted);
  checkMs('gain.rampMs', rampMs);
  const running = new Set<(rampMs: number) => void>();

  const setGain = (db: number, ramp: { readonly rampMs?: number } = {}): void => {
    checkKeys<{ rampMs?: number }>('setGain', ramp, { rampMs: true });
    const length = ramp.rampMs ?? rampMs;
    checkDb('setGain.db', db);
    checkMs('setGain.rampMs', length);
    wanted = db;
    for (const change of running) change(length);
  };

  const operator = createStep<AudioFrame, AudioFrame>({ name: 'gain', controls }, (context) => {
    const ramp = new GainRamp(decibelsToGain(wanted));
    let pendingMs: number | undefined;
    let rate = 0;

    const change = (length: number) => {
      pendingMs = length;
    };
    running.add(change);
    const stopControl = context.onControl((message) => {
      if (message.type !== 'set-gain') return false;
      setGain(message.db as number, message.rampMs === undefined ? {} : { rampMs: message.rampMs as number });
      return true;
    });

    return {
      next(frame) {
        if (frame.sampleRate !== rate) {
          ramp.rescale(frame.sampleRate / rate);
          rate = frame.sampleRate;
        }
        if (pendingMs !== undefined) {
          ramp.rampTo(decibelsToGain(wanted), (pendingMs * frame.sampleRate) / 1000);
          pendingMs = undefined;
        }
        if (ramp.settled && ramp.gain === 1) return frame;
        const samples = new Int16Array(frame.samples.length);
        ramp.apply(frame.samples, samples, frame.channels);
        const louder = frame.derive({ samples });
        frame.close();
        return louder;
      },
      teardown() {
        running.delete(change);
        stopControl();
      },
    };
  });
  Object.defineProperty(operator, 'db', { get: () => wanted, enumerable: true });
  return Object.assign(operator, { setGain }) as GainOperator;
}
