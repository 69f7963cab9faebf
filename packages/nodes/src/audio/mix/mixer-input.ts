import {
  type AudioFormat,
  type AudioFrame,
  checkKeys,
  defaultChannelMask,
  type Interruption,
  idsOf,
  type Micros,
  microsToSamples,
  samplesToMicros,
  type Utterance,
} from '@sluice/core';
import { Declick } from '../../kernels/audio/declick.ts';
import { GainRamp } from '../../kernels/audio/gain-ramp.ts';
import { peakOf } from '../../kernels/audio/mix.ts';
import { decibelsToGain } from '../../kernels/clamp.ts';
import { checkChoice, checkDb, checkMs, checkNumber } from '../../options/check-option.ts';
import { FormatKeeper } from '../format-keeper.ts';
import { GapCount } from '../gap-count.ts';
import { Ducker } from './mixer-ducker.ts';
import type { MixerInputOptions, MixerInputStatistics } from './mixer-input-options.ts';
import { MixerQueue } from './mixer-queue.ts';

/** Media that an input takes beforehand, in milliseconds. */
const READ_AHEAD_MS = 200;

/** How long a cut takes, in milliseconds. */
export const FADE_MS = 5;

/** One input of a mixer. */
export class MixerInput {
  readonly id: string;
  /** Whether others are ducked under this one: its peak is then measured. Set by the mixer. */
  isKey = false;
  readonly #format: AudioFormat;
  readonly #options: MixerInputOptions;
  readonly #fills: boolean;
  readonly #queue = new MixerQueue();
  readonly #gain: GainRamp;
  readonly #leave = new GainRamp(1);
  readonly #declick: Declick;
  readonly #ducker: Ducker | undefined;
  readonly #onRoom: () => void;
  readonly #blockWaits: () => boolean;
  #values = new Float32Array(0);
  #peak = 0;
  readonly #keeper: FormatKeeper;
  #epoch = 0;
  #breakNext = false;
  #started = false;
  #sounding = false;
  #ended = false;
  #removed = false;
  #startsAt: number;
  #endsAt = Number.POSITIVE_INFINITY;
  #leaveLength: number;
  /** Values of silence that `trim` wants back. */
  #owed = 0;
  /** What the block that was read last is part of. */
  readonly utterances = new Set<string>();
  /** Of the newest frame. */
  #utterance: Utterance | undefined;
  readonly #gaps = new GapCount();
  /** Sample frames that were mixed since a frame came, and how many that frame held. */
  #sinceFrame = 0;
  #newest = 0;
  #received = 0;
  #late = 0;
  #dropped = 0;

  /**
   * @param fills whether a gap is filled with silence (nothing else keeps the time) or time has already passed
   * @param onRoom called when there is room again
   * @param blockWaits whether the next block waits for an input, so that this one takes as much as it may
   */
  constructor(
    id: string,
    format: AudioFormat,
    options: MixerInputOptions,
    fills: boolean,
    onRoom: () => void,
    blockWaits: () => boolean = () => false,
  ) {
    const { gainDb = 0, capacityMs = fills ? 10_000 : READ_AHEAD_MS, late = 'shift', startAt, duck } = options;
    checkDb('gainDb', gainDb);
    checkNumber('capacityMs', capacityMs, { min: 1, max: 60_000, unit: 'ms' });
    checkChoice('late', late, ['shift', 'trim']);
    if (startAt !== undefined) checkNumber('startAt', startAt, { min: 0, max: Number.MAX_SAFE_INTEGER, unit: 'us' });
    this.id = id;
    this.#format = format;
    this.#keeper = new FormatKeeper({ ...format, channelMask: defaultChannelMask(format.channels) });
    this.#options = { ...options, capacityMs, late };
    this.#fills = fills;
    this.#onRoom = onRoom;
    this.#blockWaits = blockWaits;
    this.#gain = new GainRamp(decibelsToGain(gainDb));
    this.#leaveLength = this.#frames(FADE_MS);
    this.#declick = new Declick(format.channels, this.#leaveLength);
    this.#ducker = duck === undefined ? undefined : new Ducker(duck, format.sampleRate);
    this.#startsAt = startAt === undefined ? 0 : microsToSamples(startAt, format.sampleRate);
  }

  /** Takes a frame over, whatever its format. `release` is called when its media was mixed or dropped. */
  push(frame: AudioFrame, release?: () => void): void {
    if (frame.epoch > this.#epoch) this.#cut(frame.epoch, FADE_MS);
    if (this.#ended || this.#removed || frame.epoch < this.#epoch) {
      if (!this.#ended) this.#dropped += this.#valuesOf(frame.duration);
      frame.close();
      release?.();
      return;
    }
    this.#started = true;
    const gap = frame.gap;
    if (gap !== undefined) this.#bridge(gap.duration);
    const length = this.#append(frame, gap !== undefined || this.#breakNext, release);
    this.#breakNext = false;
    this.#repay();
    this.#enforceCapacity(length);
  }

  /** No more frames will come; what waits is still mixed. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#queueTail(this.#keeper.flush());
  }

  /** Fades out and leaves; at the mix's media time `at` to the sample, or at once. */
  remove(options: { readonly fadeMs?: number; readonly at?: Micros } = {}): void {
    checkKeys<{ fadeMs?: number; at?: Micros }>('remove', options, { fadeMs: true, at: true });
    const { fadeMs = FADE_MS, at = 0 } = options;
    checkMs('remove.fadeMs', fadeMs);
    this.#leaveLength = this.#frames(fadeMs);
    this.#endsAt = Math.min(this.#endsAt, microsToSamples(at, this.#format.sampleRate));
  }

  /** Moves to a new gain without a click. `rampMs` defaults to 10. */
  setGain(db: number, options: { readonly rampMs?: number } = {}): void {
    checkKeys<{ rampMs?: number }>('setGain', options, { rampMs: true });
    const { rampMs = 10 } = options;
    checkDb('setGain.db', db);
    checkMs('setGain.rampMs', rampMs);
    this.#gain.rampTo(decibelsToGain(db), this.#frames(rampMs));
  }

  /** Drops what was made before the interruption's epoch, with a fade. */
  interrupt(interruption: Interruption): void {
    const before = this.#dropped;
    this.#cut(interruption.epoch, interruption.fadeMs);
    if (this.#dropped > before) interruption.dropped(this.#millis(this.#dropped - before) * 1000);
  }

  get statistics(): MixerInputStatistics {
    return {
      receivedMs: this.#millis(this.#received),
      queuedMs: this.#millis(this.#queue.length),
      lateMs: this.#millis(this.#late),
      droppedMs: this.#millis(this.#dropped),
    };
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Whether another frame may be pushed without anything being dropped. */
  get hasRoom(): boolean {
    const waiting = this.#millis(this.#queue.sound);
    if (this.#removed || waiting >= this.#options.capacityMs!) return false;
    return !this.#fills || waiting < READ_AHEAD_MS || this.#blockWaits();
  }

  /** Whether it has brought a frame. */
  get started(): boolean {
    return this.#started;
  }

  /** Whether no more frames will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether nothing more is taken from it, though it may still sound: it has ended or was told to leave. */
  get leaving(): boolean {
    return this.#ended || this.#removed || this.#endsAt < Number.POSITIVE_INFINITY;
  }

  /** Whether it was removed and has faded out. */
  get removed(): boolean {
    return this.#removed;
  }

  /** Whether its sound has died away. */
  get settled(): boolean {
    return this.#removed || this.#declick.settled;
  }

  /** Whether it contributes nothing from here on. */
  get done(): boolean {
    return this.#removed || (this.#ended && this.#queue.length === 0);
  }

  /** The largest magnitude of the block that was read last, in sample units. */
  get peak(): number {
    return this.#peak;
  }

  /** The inputs whose sound makes this one quieter. */
  get duckedUnder(): readonly string[] {
    return this.#ducker?.under ?? [];
  }

  /** Whether a block of so many sample frames can be read in full, or never will be. */
  ready(position: number, length: number): boolean {
    if (this.#ended || this.#removed || position >= this.#endsAt) return true;
    const silent = Math.min(length, Math.max(0, this.#startsAt - position));
    return this.#queue.length >= (length - silent) * this.#format.channels;
  }

  /** Sample frames until the end, where that is known. */
  remaining(position: number): number {
    if (this.done) return 0;
    return Math.max(0, this.#startsAt - position) + this.#queue.length / this.#format.channels;
  }

  /** Reads a block of so many sample frames into this input's values. First pass of a mix. */
  read(position: number, length: number): void {
    const { channels } = this.#format;
    const size = length * channels;
    if (this.#values.length < size) this.#values = new Float32Array(size);
    const values = this.#values;
    const start = Math.min(length, Math.max(0, this.#startsAt - position)) * channels;
    values.fill(0, 0, start);
    if (this.utterances.size > 0) this.utterances.clear();
    let at = this.#readQueue(start, size);
    // Nothing came for as long as a frame lasts: what a conversion holds would sound in front of what comes next.
    if (at < size && !this.#fills && this.#sinceFrame >= this.#newest && this.#keeper.holds) {
      this.#queueTail(this.#keeper.break());
      at = this.#readQueue(at, size);
    }
    this.#sinceFrame += length;
    if (at < size) this.#goQuiet(at, size);
    if (position + length > this.#endsAt) this.#fadeOut(Math.max(0, this.#endsAt - position), length);
    if (this.isKey) this.#peak = peakOf(values, size);
    if (!this.#ended && this.hasRoom) this.#onRoom();
  }

  /** The values of the block, made quieter if `keyPeak` says that others sound. Second pass of a mix. */
  output(keyPeak: number, length: number): Float32Array {
    this.#ducker?.process(this.#values, length, this.#format.channels, keyPeak);
    return this.#values;
  }

  close(): void {
    this.utterances.clear();
    this.#removed = true;
    this.#queue.clear();
    this.#keeper.reset();
  }

  /** Reads what waits into the values from `at` on, at most up to `size`. Returns how far. */
  #readQueue(at: number, size: number): number {
    let end = at;
    while (end < size && this.#queue.length > 0) {
      const breaks = !this.#sounding || this.#queue.breaks;
      const { utterance } = this.#queue;
      if (utterance !== undefined) for (const id of idsOf(utterance)) this.utterances.add(id);
      const count = this.#queue.read(this.#values, end, size - end);
      this.#pass(end, end + count, breaks);
      this.#sounding = true;
      end += count;
    }
    return end;
  }

  #pass(from: number, end: number, breaks: boolean): void {
    this.#gain.scale(this.#values, from, end, this.#format.channels);
    if (breaks) this.#declick.breakBefore(this.#values, from);
    this.#declick.process(this.#values, from, end);
  }

  #goQuiet(at: number, size: number): void {
    this.#values.fill(0, at, size);
    this.#gain.skip((size - at) / this.#format.channels);
    if (this.#sounding) this.#declick.breakBefore(this.#values, at);
    this.#declick.process(this.#values, at, size);
    this.#sounding = false;
    if (!this.#started || this.#ended) return;
    this.#late += size - at;
    if (this.#options.late === 'trim') this.#owed += size - at;
  }

  #fadeOut(from: number, length: number): void {
    if (this.#leave.target !== 0) this.#leave.rampTo(0, this.#leaveLength);
    this.#leave.scale(
      this.#values,
      from * this.#format.channels,
      length * this.#format.channels,
      this.#format.channels,
    );
    if (this.#leave.settled) this.close();
  }

  #append(frame: AudioFrame, breaks: boolean, release: (() => void) | undefined): number {
    this.#queueTail(this.#keeper.meet(frame));
    const samples = this.#keeper.convert(frame.samples);
    this.#received += samples.length;
    this.#sinceFrame = 0;
    this.#newest = this.#frames(frame.duration / 1000);
    const own = samples === frame.samples;
    if (!own) frame.close();
    this.#queue.push(samples, breaks, frame.utterance, own ? frame : undefined, release);
    this.#utterance = frame.utterance;
    return samples.length;
  }

  #queueTail(tail: Int16Array): void {
    this.#received += tail.length;
    this.#queue.push(tail, false, this.#utterance);
  }

  /** Missing media: time that has to pass, or that has passed as silence already. */
  #bridge(duration: Micros): void {
    this.#queueTail(this.#keeper.break());
    const values = this.#gaps.add(duration, this.#format.sampleRate) * this.#format.channels;
    if (this.#fills) this.#queue.pushSilence(values);
    else this.#owed = Math.max(0, this.#owed - values);
  }

  /** Drops media in whose place silence was already heard, unless the input was merely quiet for long. */
  #repay(): void {
    if (this.#owed === 0) return;
    if (this.#millis(this.#owed) <= this.#options.capacityMs!) {
      const paid = this.#queue.discard(this.#owed);
      this.#owed -= paid;
      this.#dropped += paid;
    } else this.#owed = 0;
  }

  /**
   * The newest block is let in whatever its length: a source that was held back never loses anything. Silence that stands
   * for a gap takes no room. Where nothing else keeps the time, what is dropped leaves silence.
   */
  #enforceCapacity(newest: number): void {
    const limit = this.#frames(this.#options.capacityMs!) * this.#format.channels;
    const excess = this.#queue.sound - newest - limit;
    if (excess > 0) this.#dropped += this.#fills ? this.#queue.mute(excess) : this.#queue.discard(excess);
  }

  #cut(epoch: number, fadeMs: number): void {
    this.#epoch = Math.max(this.#epoch, epoch);
    this.#keeper.reset();
    this.#owed = 0;
    this.#breakNext = true;
    this.#dropped += this.#queue.cut(
      this.#sounding ? this.#frames(fadeMs) * this.#format.channels : 0,
      this.#format.channels,
    );
  }

  #frames(ms: number): number {
    return Math.round((ms * this.#format.sampleRate) / 1000);
  }

  #valuesOf(duration: Micros): number {
    return microsToSamples(duration, this.#format.sampleRate) * this.#format.channels;
  }

  #millis(values: number): number {
    return samplesToMicros(values / this.#format.channels, this.#format.sampleRate) / 1000;
  }
}
