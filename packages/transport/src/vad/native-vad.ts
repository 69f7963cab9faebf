// Whether somebody speaks, asked piece by piece. Knows no call and no device.

import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { isVoiceModel, type VoiceDetector } from '@sluice/core/voice';
import { copyPcm, type PcmInput } from '../devices/audio/pcm.ts';
import { deviceDestroyed } from '../devices/device-errors.ts';
import { DetectorJudge } from './detector-judge.ts';
import { FvadJudge, fvadRates } from './fvad-judge.ts';
import type { VadJudge } from './vad-judge.ts';

/** Format and detector of a native voice-activity detector. */
export interface NativeVadOptions {
  /** After so much analysed sound the detector begins anew, in milliseconds, at least 20. Default 1,000. */
  readonly resetPeriodMs?: number;
  /** Hz: 8,000, 16,000, 32,000 or 48,000, or what `detector` accepts. Default 16,000. */
  readonly sampleRate?: number;
  /** 1 or 2; two are mixed to one. Default 1. */
  readonly channels?: number;
  /** Any detector of `@sluice/core/voice`, a plugin's for example. Default: WebRTC's (libfvad). */
  readonly detector?: VoiceDetector;
}

/**
 * Tells of 10 ms at a time how likely they are speech. Pieces are analysed in the order of the calls, each with what came
 * before. The default detector answers in quarters: how many of libfvad's four modes, from the mildest to the strictest,
 * take the 10 ms for voice. It goes on for 60 to 140 ms after the last voice, and takes hum and pure tones for voice. A
 * `detector` of yours answers 1 while it says `speech` and 0 otherwise, as late as its `latencyMs` says.
 */
export class NativeVad {
  readonly resetPeriodMs: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly #judge: VadJudge;
  #analysedMs = 0;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: NativeVadOptions = {}) {
    checkKeys<NativeVadOptions>('createNativeVad', options, {
      resetPeriodMs: true,
      sampleRate: true,
      channels: true,
      detector: true,
    });
    const { resetPeriodMs = 1_000, sampleRate = 16_000, channels = 1, detector } = options;
    if (detector !== undefined && !isVoiceModel(detector, 'voice-detector'))
      throw invalidArgument('detector', 'a VoiceDetector of @sluice/core/voice', detector);
    checkNumber('resetPeriodMs', resetPeriodMs, (ms) => ms >= 20, '20 ms or more');
    const rates = detector?.accepts.sampleRates ?? fvadRates;
    checkNumber('sampleRate', sampleRate, (rate) => rates.includes(rate), `one of ${rates.join(', ')} Hz`);
    checkNumber('channels', channels, (count) => count === 1 || count === 2, '1 or 2');
    this.resetPeriodMs = resetPeriodMs;
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.#judge = detector === undefined ? new FvadJudge(sampleRate) : new DetectorJudge(detector, sampleRate);
  }

  /**
   * Looks at the first 10 ms; what is behind them is ignored, so give 10 ms a call to have all of it judged.
   *
   * @param frames interleaved signed 16-bit samples, at least 10 ms; read before it returns
   * @returns 0 to 1
   * @throws `SLUICE_FRAME_SHAPE` for a length that is no whole number of frames, RangeError for less than 10 ms,
   * `SLUICE_VOICE_MODEL` if the detector cannot be had, `SLUICE_DEVICE_DESTROYED` after `close()`
   */
  async analyzeFrames(frames: PcmInput): Promise<number> {
    if (this.#closed) throw deviceDestroyed('the voice-activity detector');
    const samples = copyPcm(frames, this.channels);
    const length = this.sampleRate / 100;
    if (samples.length < length * this.channels)
      throw outOfRange('frames', `10 ms or more, ${length} samples per channel`, samples.length / this.channels);
    const block = firstBlock(samples, length, this.channels);
    const anew = this.#analysedMs >= this.resetPeriodMs;
    this.#analysedMs = (anew ? 0 : this.#analysedMs) + 10;
    const judged = this.#last.then(() => {
      if (this.#closed) throw deviceDestroyed('the voice-activity detector');
      return this.#judge.judge(block, anew);
    });
    this.#last = judged.catch(() => {});
    return judged;
  }

  /** Gives its memory back; what is under way fails. Without it that is done when the object is collected. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#last.then(() => this.#judge.close()).catch(() => {});
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function checkNumber(name: string, value: unknown, allowed: (value: number) => boolean, rule: string): void {
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(name, 'a number', value);
  if (!allowed(value)) throw outOfRange(name, rule, value);
}

/** The first samples of one channel, the mean of two. */
function firstBlock(samples: Int16Array, length: number, channels: number): Int16Array {
  if (channels === 1) return samples.subarray(0, length);
  const block = new Int16Array(length);
  for (let index = 0; index < length; index++) block[index] = (samples[2 * index]! + samples[2 * index + 1]!) / 2;
  return block;
}
