import {
  AudioFrame,
  checkKeys,
  createOperator,
  type HeldStretch,
  HeldStretches,
  type Micros,
  SampleMemory,
  sameAudioStream,
  samplesToMicros,
} from '@sluice/core';
import type { OperatorFunction } from 'rxjs';
import { emit } from '../flow/emit.ts';
import { NoiseGate } from '../kernels/audio/noise-gate.ts';
import { checkMs, checkNumber } from '../options/check-option.ts';

/** From which level on {@link noiseGate} lets sound pass. */
export interface NoiseGateOptions {
  /** RMS of 10 ms from which on sound passes, in dBFS, -120 to 0. Default -45, with `openAboveFloorDb` -60. */
  readonly openDb?: number;
  /** RMS below which it is quiet again, in dBFS, at most `openDb`. Default: 6 dB less. */
  readonly closeDb?: number;
  /**
   * Passes what is that far above the steady noise, in dB, 3 to 60, and above `openDb` too; quiet is what is less than
   * half as far above it. 12 suits speech. Default: noise is not looked at.
   */
  readonly openAboveFloorDb?: number;
  /** How long it takes to open, in milliseconds, 1 to 1,000. Default 5. */
  readonly attackMs?: number;
  /** How long it must have been quiet before it closes, in milliseconds. Default 150. */
  readonly holdMs?: number;
  /** How long it takes to close, in milliseconds, 1 to 10,000. Default 100. */
  readonly releaseMs?: number;
  /** How much sound before the loud one passes too, in milliseconds, up to 1,000: as much latency. Default 5. */
  readonly lookaheadMs?: number;
}

/**
 * Makes silence of what is not loud enough: the noise of a room between sentences.
 *
 * Decided at each sample of the loudest channel, with hysteresis, and on straight ramps, so that it neither chatters nor
 * clicks. With `openAboveFloorDb` the threshold follows the noise floor, the quietest 40 ms of the last 3 s: a hum or fan
 * that starts passes for 3 s, and a sound that goes on for as long without a pause becomes noise; until half a second
 * was heard `openDb` alone counts. Samples, gaps, timestamps and utterances stay together; with a lookahead frames are
 * cut elsewhere. A change of format closes the gate, as does an interruption, which drops what is held. The memory of
 * the frames that leave is used again once they are closed. Adds `lookaheadMs` of latency.
 *
 * @example
 * ```ts
 * fromParticipantAudio(client, caller).pipe(noiseGate({ openAboveFloorDb: 12 })).subscribe(toWavFile('caller.wav'));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see trimSilence to shorten pauses, level to find thresholds
 */
export function noiseGate(options: NoiseGateOptions = {}): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<NoiseGateOptions>('noiseGate', options, {
    openDb: true,
    closeDb: true,
    openAboveFloorDb: true,
    attackMs: true,
    holdMs: true,
    releaseMs: true,
    lookaheadMs: true,
  });
  const { openAboveFloorDb, attackMs = 5, holdMs = 150, releaseMs = 100, lookaheadMs = 5 } = options;
  const { openDb = openAboveFloorDb === undefined ? -45 : -60 } = options;
  checkNumber('noiseGate.openDb', openDb, { min: -120, max: 0, unit: 'dBFS' });
  const { closeDb = openDb - 6 } = options;
  checkNumber('noiseGate.closeDb', closeDb, { min: -130, max: openDb, unit: 'dBFS' });
  if (openAboveFloorDb !== undefined)
    checkNumber('noiseGate.openAboveFloorDb', openAboveFloorDb, { min: 3, max: 60, unit: 'dB' });
  checkNumber('noiseGate.attackMs', attackMs, { min: 1, max: 1_000, unit: 'ms' });
  checkMs('noiseGate.holdMs', holdMs, 60_000);
  checkNumber('noiseGate.releaseMs', releaseMs, { min: 1, max: 10_000, unit: 'ms' });
  checkMs('noiseGate.lookaheadMs', lookaheadMs, 1_000);
  const settings = { openDb, closeDb, openAboveFloorDb, attackMs, holdMs, releaseMs, lookaheadMs };

  const spec = { name: 'noiseGate', latencyMs: lookaheadMs };
  return createOperator<AudioFrame, AudioFrame>(spec, (destination, context) => {
    const memory = new SampleMemory();
    const stretches = new HeldStretches();
    let gate = new NoiseGate(1_000, 1, settings);
    let format = { sampleRate: 0, channels: 0, channelMask: undefined as number | undefined };
    let epoch = 0;

    /** Sends samples on, in the stretches that they came in. */
    const send = (samples: Int16Array) => {
      const whole = samples.length / format.channels;
      let from = 0;
      let given = false;
      stretches.take(whole, (length: number, timestamp: Micros, { gap, utterance }: HeldStretch) => {
        const end = from + length * format.channels;
        const all = length === whole;
        given ||= all;
        const part = all ? samples : samples.slice(from, end);
        const release = all ? memory.release : undefined;
        emit(destination, new AudioFrame({ samples: part, timestamp, epoch, gap, utterance, release, ...format }));
        from = end;
      });
      if (!given) memory.release(samples);
    };
    const drain = () => {
      if (gate.held === 0) return;
      const samples = memory.take(gate.held * format.channels);
      gate.drain(samples);
      send(samples);
    };
    const drop = () => {
      gate.reset();
      stretches.clear();
    };
    const begin = (frame: AudioFrame) => {
      if (frame.epoch > epoch) drop();
      else drain();
      stretches.clear();
      const { sampleRate, channels, channelMask } = frame;
      if (!sameAudioStream(format, frame)) gate = new NoiseGate(sampleRate, channels, settings);
      format = { sampleRate, channels, channelMask };
      epoch = frame.epoch;
    };
    const stopListening = context.onInterrupt((interruption) => {
      if (gate.held > 0) interruption.dropped(samplesToMicros(gate.held, format.sampleRate));
      drop();
    });

    return {
      next(frame) {
        if (frame.epoch !== epoch || !sameAudioStream(format, frame)) begin(frame);
        const samples = memory.take(gate.leaves(frame.length) * frame.channels);
        const wide = gate.process(frame.samples, samples);
        if (wide && gate.lookahead === 0) {
          memory.release(samples);
          destination.next(frame);
          return;
        }
        stretches.push(frame);
        frame.close();
        send(samples);
      },
      complete() {
        drain();
        destination.complete();
      },
      teardown() {
        stopListening();
        drop();
      },
    };
  });
}
