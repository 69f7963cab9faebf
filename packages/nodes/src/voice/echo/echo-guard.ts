// The echo of one's own voice in somebody's microphone: what was played and when, and what of it comes back.

import { type AudioFrame, checkKeys, createOperator, invalidArgument } from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { BandPowers, bandCentres } from '../../kernels/audio/band-powers.ts';
import { EchoDetector, type EchoVerdict, STEP_MS } from '../../kernels/audio/echo-detector.ts';
import { GainRamp } from '../../kernels/audio/gain-ramp.ts';
import { checkMs } from '../../options/check-option.ts';
import { MediaClock } from '../hearing/media-clock.ts';
import type { EchoReference } from './echo-reference.ts';

/** How late a device may tell of what left it, in steps: so much later it is compared. */
const TOLD_LATE = 5;
/** What follows somebody's last loud step passes for so long, in steps. */
const HANG_OVER = 15;
const RAMP_MS = 5;

/** Whose echo {@link echoGuard} takes out, and how long it learns. */
export interface EchoGuardOptions {
  /** The voice whose echo is not to be heard. */
  readonly reference: EchoReference;
  /**
   * How long a sound under the own voice is taken for its echo before the echo's delay is known, in milliseconds; later it
   * passes. Counted over the whole call. Default 1,000.
   */
  readonly learnMs?: number;
}

/**
 * Makes silence of the echo of one's own voice in a person's microphone, so that an agent does not hear itself, and lets
 * through whoever speaks over it. A half-duplex suppressor by powers in twelve bands: it takes no echo out of speech, and
 * works behind codecs and lost packets, where an adaptive filter does not. It finds a delay of up to 750 ms, and after it
 * the gain in each band; both are followed. While the own voice rests everything passes untouched. Adds no latency. Mono.
 *
 * @example
 * const reference = echoReference({ clock: bot.clock });
 * voice.to(reference.played((id) => speaks.utterance(id)));
 * bot.from(fromParticipantAudio(client, id)).pipe(echoGuard({ reference })).to(ears.in.in);
 * @throws TypeError, RangeError at once for options that do not exist, are of the wrong kind or out of range
 */
export function echoGuard(options: EchoGuardOptions): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<EchoGuardOptions>('echoGuard', options, { reference: true, learnMs: true });
  const { reference, learnMs = 1_000 } = options;
  if (typeof reference?.powersAt !== 'function')
    throw invalidArgument('echoGuard.reference', 'what echoReference returns', reference);
  checkMs('echoGuard.learnMs', learnMs, 60_000);
  const spec = { name: 'echoGuard', accepts: { kind: 'audio', channels: 1 } } as const;
  return createOperator<AudioFrame, AudioFrame>(spec, (destination, { clock }) => {
    const media = new MediaClock();
    const ramp = new GainRamp(1);
    const own = new Float64Array(bandCentres.length);
    const heard = new Float64Array(bandCentres.length);
    let bands: BandPowers | undefined;
    let detector = new EchoDetector();
    let rate = 0;
    let step = 0;
    let unknown = 0;
    let passing = 0;

    const passes = (verdict: EchoVerdict): boolean => {
      if (verdict === 'unknown') return ++unknown > learnMs / STEP_MS;
      if (verdict === 'somebody') passing = HANG_OVER;
      return verdict === 'silent' || passing-- > 0;
    };
    const begin = ({ sampleRate, channels }: AudioFrame) => {
      if (channels !== 1) throw invalidArgument('the sound before echoGuard', '1 channel', channels);
      rate = sampleRate;
      bands = new BandPowers(rate);
      detector = new EchoDetector();
    };
    /** Where a frame lies on the clock. One step after the other, unless it is far from there. */
    const place = (frame: AudioFrame) => {
      media.arrived(frame, clock.now());
      const due = Math.floor(media.msOf(frame.timestamp) / STEP_MS) - TOLD_LATE;
      if (Math.abs(due - step) > 2) step = due;
    };
    const judge = ({ samples }: AudioFrame, from: number, to: number) => {
      bands!.measure(samples, from, to, heard);
      reference.powersAt(Math.max(0, step++), own);
      const gain = passes(detector.detect(own, heard)) ? 1 : 0;
      if (ramp.target !== gain) ramp.rampTo(gain, (RAMP_MS * rate) / 1_000);
    };

    return {
      next(frame) {
        if (frame.sampleRate !== rate || frame.channels !== 1) begin(frame);
        place(frame);
        const length = (rate * STEP_MS) / 1_000;
        let samples: Int16Array | undefined;
        for (let from = 0; from < frame.length; from += length) {
          const to = Math.min(from + length, frame.length);
          judge(frame, from, to);
          if (samples === undefined && ramp.settled && ramp.gain === 1) continue;
          samples ??= frame.samples.slice();
          ramp.apply(frame.samples.subarray(from, to), samples.subarray(from, to), 1);
        }
        if (samples === undefined) return destination.next(frame);
        const guarded = frame.derive({ samples });
        frame.close();
        destination.next(guarded);
      },
    };
  });
}
