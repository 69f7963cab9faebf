import {
  type AudioFormat,
  type AudioFrame,
  defaultChannelMask,
  type Micros,
  microsToSamples,
  samplesToMicros,
  type Utterance,
} from '@sluice/core';
import { FormatKeeper } from '../format-keeper.ts';
import { GapCount } from '../gap-count.ts';
import { LateMedia } from './late-media.ts';
import type { MixerInputStatistics } from './mixer-input-options.ts';
import { MixerQueue } from './mixer-queue.ts';

export interface MixerIntakeOptions {
  readonly format: AudioFormat;
  /** Media that may wait, in milliseconds. */
  readonly capacityMs: number;
  /** Whether media that came too late is dropped. */
  readonly trims: boolean;
  /** Whether a gap is filled with silence (nothing else keeps the time) or time has already passed. */
  readonly fills: boolean;
}

/** What an input of a mixer is given, in the mix's format, until it is read: gaps, conversion, bounds, counters. */
export class MixerIntake {
  readonly queue = new MixerQueue();
  readonly late: LateMedia;
  readonly #options: MixerIntakeOptions;
  readonly #keeper: FormatKeeper;
  readonly #gaps = new GapCount();
  #breakNext = false;
  /** Of the newest frame. */
  #utterance: Utterance | undefined;
  /** Sample frames that may be mixed until the newest frame would have been followed by another. */
  #untilPause = 0;
  #received = 0;
  #dropped = 0;
  /** Frames made before are void. */
  epoch = 0;

  constructor(options: MixerIntakeOptions) {
    const { format, capacityMs, trims } = options;
    this.#options = options;
    this.#keeper = new FormatKeeper({ ...format, channelMask: defaultChannelMask(format.channels) });
    this.late = new LateMedia(trims, (capacityMs * format.sampleRate * format.channels) / 1000);
  }

  /** Takes a frame over. `release` is called when its media was mixed or dropped. */
  push(frame: AudioFrame, release: (() => void) | undefined): void {
    const { gap } = frame;
    if (gap !== undefined) this.#bridge(gap.duration);
    const length = this.#append(frame, gap !== undefined || this.#breakNext, release);
    this.#breakNext = false;
    this.#dropped += this.late.repay(this.queue);
    this.#enforceCapacity(length);
  }

  /** Counts a frame that was refused. */
  refuse(duration: Micros): void {
    this.#dropped += this.#valuesOf(microsToSamples(duration, this.#options.format.sampleRate));
  }

  /** No more frames will come: what the conversion holds is let in. */
  end(): void {
    this.#queueTail(this.#keeper.flush());
  }

  /**
   * Whether the sender pauses while the conversion holds sound, which would be heard in front of what comes next: it is
   * then let in.
   */
  drainPause(): boolean {
    if (this.#options.fills || this.#untilPause > 0 || !this.#keeper.holds) return false;
    this.#queueTail(this.#keeper.break());
    return true;
  }

  /** So many sample frames were mixed. */
  passed(length: number): void {
    this.#untilPause -= length;
  }

  /** Drops everything but a fade of so many sample frames. Returns what was dropped, in milliseconds. */
  cut(epoch: number, fade: number): number {
    const { channels } = this.#options.format;
    this.epoch = Math.max(this.epoch, epoch);
    this.#keeper.reset();
    this.late.forget();
    this.#breakNext = true;
    const dropped = this.queue.cut(fade * channels, channels);
    this.#dropped += dropped;
    return this.#millis(dropped);
  }

  clear(): void {
    this.queue.clear();
    this.#keeper.reset();
  }

  /** Sound that waits, in milliseconds. Silence that stands for gaps takes no room. */
  get waitingMs(): number {
    return this.#millis(this.queue.sound);
  }

  get statistics(): MixerInputStatistics {
    return {
      receivedMs: this.#millis(this.#received),
      queuedMs: this.#millis(this.queue.length),
      lateMs: this.#millis(this.late.missed),
      droppedMs: this.#millis(this.#dropped),
    };
  }

  #append(frame: AudioFrame, breaks: boolean, release: (() => void) | undefined): number {
    this.#queueTail(this.#keeper.meet(frame));
    const samples = this.#keeper.convert(frame.samples);
    this.#received += samples.length;
    this.#untilPause = Math.round((frame.duration * this.#options.format.sampleRate) / 1_000_000);
    const own = samples === frame.samples;
    if (!own) frame.close();
    this.queue.push(samples, breaks, frame.utterance, own ? frame : undefined, release);
    this.#utterance = frame.utterance;
    return samples.length;
  }

  #queueTail(tail: Int16Array): void {
    this.#received += tail.length;
    this.queue.push(tail, false, this.#utterance);
  }

  /** Missing media: time that has to pass, or that has passed as silence already. */
  #bridge(duration: Micros): void {
    const { format, fills } = this.#options;
    this.#queueTail(this.#keeper.break());
    const values = this.#valuesOf(this.#gaps.add(duration, format.sampleRate));
    if (fills) this.queue.pushSilence(values);
    else this.late.excuse(values);
  }

  /**
   * The newest block is let in whatever its length: a source that was held back never loses anything. Where nothing else
   * keeps the time, what is dropped leaves silence.
   */
  #enforceCapacity(newest: number): void {
    const { capacityMs, fills, format } = this.#options;
    const limit = this.#valuesOf(Math.round((capacityMs * format.sampleRate) / 1000));
    const excess = this.queue.sound - newest - limit;
    if (excess > 0) this.#dropped += fills ? this.queue.mute(excess) : this.queue.discard(excess);
  }

  #valuesOf(length: number): number {
    return length * this.#options.format.channels;
  }

  #millis(values: number): number {
    const { channels, sampleRate } = this.#options.format;
    return samplesToMicros(values / channels, sampleRate) / 1000;
  }
}
