import {
  type AudioFormat,
  AudioFrame,
  checkKeys,
  createOperator,
  type Gap,
  type Interruption,
  invalidArgument,
  type Micros,
  sameAudioStream,
  samplesToMicros,
  type Utterance,
} from '@sluice/core';
import type { OperatorFunction, Subscriber } from 'rxjs';
import { emit } from '../flow/emit.ts';
import { checkNumber } from '../options/check-option.ts';

/** Length of the frames that leave: either in milliseconds (0.1 to 60,000) or in samples per channel. */
export interface RechunkOptions {
  /** Length of each frame, in milliseconds, rounded to whole samples without drift. This or `samples`. */
  readonly ms?: number;
  /** Length of each frame in samples of one channel. This or `ms`. */
  readonly samples?: number;
  /**
   * Fill a short frame (before a gap, a change of format, the end) up with silence, for receivers that insist on the
   * length. Before a gap the silence stands for part of it. Default false.
   */
  readonly pad?: boolean;
}

/**
 * Cuts and joins audio into frames of one length.
 *
 * No sample is lost or made: short frames leave before a gap, a change of format or epoch, and at the end (or padded
 * ones, with `pad`). Lengths that are no whole number of samples alternate, so boundaries never drift. Each frame's
 * timestamp is that of the sample it begins with. An interruption drops the part that waits. Frames that already fit
 * pass untouched. Adds at most one frame of latency.
 *
 * @example
 * ```ts
 * fromWavFile('greeting.wav').pipe(rechunk({ ms: 10 })).subscribe(toMicrophone(mic));
 * ```
 * @throws TypeError, RangeError at once if there is not exactly one length, or it is out of range
 * @see pace
 */
export function rechunk(options: RechunkOptions): OperatorFunction<AudioFrame, AudioFrame> {
  checkKeys<RechunkOptions>('rechunk', options, { ms: true, samples: true, pad: true });
  const { ms, samples } = options;
  if ((ms === undefined) === (samples === undefined))
    throw invalidArgument('rechunk', 'either ms or samples', { ms, samples });
  if (ms !== undefined) checkNumber('rechunk.ms', ms, { min: 0.1, max: 60_000, unit: 'ms' });
  else checkNumber('rechunk.samples', samples, { min: 1, max: 10_000_000, unit: 'samples', integer: true });

  const spec = { name: 'rechunk', ...(ms === undefined ? {} : { latencyMs: ms }) };
  return createOperator<AudioFrame, AudioFrame>(spec, (destination, context) => {
    const chunker = new Rechunker(destination, options);
    const stopListening = context.onInterrupt((interruption) => chunker.interrupt(interruption));
    return {
      next: (frame) => chunker.take(frame),
      complete() {
        chunker.flush();
        destination.complete();
      },
      teardown: stopListening,
    };
  });
}

class Rechunker {
  readonly #destination: Subscriber<AudioFrame>;
  readonly #options: RechunkOptions;
  #format: AudioFormat = { sampleRate: 0, channels: 0 };
  #epoch = 0;
  #buffer = new Int16Array(0);
  #filled = 0;
  #timestamp = 0 as Micros;
  #gap: Gap | undefined;
  /** Of the first sample. */
  #utterance: Utterance | undefined;
  /** Frames since the last break: boundaries are computed from it, so rounding never adds up. */
  #index = 0;

  constructor(destination: Subscriber<AudioFrame>, options: RechunkOptions) {
    this.#destination = destination;
    this.#options = options;
  }

  take(frame: AudioFrame): void {
    if (frame.gap !== undefined || frame.epoch !== this.#epoch || !sameAudioStream(this.#format, frame))
      this.#break(frame);
    if (this.#filled === 0 && frame.samples.length === this.#nextLength()) {
      this.#index++;
      this.#destination.next(this.#gap === frame.gap ? frame : frame.move({ gap: this.#gap }));
      this.#gap = undefined;
      return;
    }
    const { samples } = frame;
    for (let offset = 0; offset < samples.length; ) {
      if (this.#filled === 0) {
        this.#buffer = new Int16Array(this.#nextLength());
        this.#utterance = frame.utterance;
        this.#timestamp = (frame.timestamp + samplesToMicros(offset / frame.channels, frame.sampleRate)) as Micros;
      }
      const end = Math.min(samples.length, offset + this.#buffer.length - this.#filled);
      this.#buffer.set(offset === 0 && end === samples.length ? samples : samples.subarray(offset, end), this.#filled);
      this.#filled += end - offset;
      offset = end;
      if (this.#filled === this.#buffer.length) this.#emit(this.#buffer);
    }
    frame.close();
  }

  /** Emits what waits, short or padded. */
  flush(): void {
    if (this.#filled > 0) this.#emit(this.#options.pad ? this.#buffer : this.#buffer.slice(0, this.#filled));
  }

  interrupt(interruption: Interruption): void {
    if (this.#filled > 0)
      interruption.dropped(samplesToMicros(this.#filled / this.#format.channels, this.#format.sampleRate));
    this.#filled = 0;
    this.#gap = undefined;
    this.#index = 0;
  }

  /** The frames before and the given one do not belong together. */
  #break(next: AudioFrame): void {
    const missing = this.#filled === 0 || !this.#options.pad ? 0 : this.#buffer.length - this.#filled;
    if (next.epoch <= this.#epoch || this.#filled === 0) this.flush();
    this.#filled = 0;
    this.#gap = missing === 0 ? next.gap : shorter(next.gap, samplesToMicros(missing / next.channels, next.sampleRate));
    this.#format = { sampleRate: next.sampleRate, channels: next.channels, channelMask: next.channelMask };
    this.#epoch = next.epoch;
    this.#index = 0;
  }

  #emit(samples: Int16Array): void {
    const frame = new AudioFrame({
      samples,
      timestamp: this.#timestamp,
      epoch: this.#epoch,
      gap: this.#gap,
      utterance: this.#utterance,
      // Last: fields behind a spread cost an object a microsecond each.
      ...this.#format,
    });
    this.#gap = undefined;
    this.#filled = 0;
    this.#index++;
    emit(this.#destination, frame);
  }

  /** Values in the frame to be. */
  #nextLength(): number {
    const { ms, samples } = this.#options;
    const { sampleRate, channels } = this.#format;
    if (ms === undefined) return samples! * channels;
    const perFrame = (ms * sampleRate) / 1000;
    return Math.max(1, Math.round((this.#index + 1) * perFrame) - Math.round(this.#index * perFrame)) * channels;
  }
}

function shorter(gap: Gap | undefined, by: Micros): Gap | undefined {
  if (gap === undefined || gap.duration <= by) return undefined;
  return { reason: gap.reason, duration: (gap.duration - by) as Micros };
}
