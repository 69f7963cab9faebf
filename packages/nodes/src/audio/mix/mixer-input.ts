import {
  type AudioFormat,
  type AudioFrame,
  checkKeys,
  type Interruption,
  idsOf,
  type Micros,
  microsToSamples,
} from '@sluice/core';
import { peakOf } from '../../kernels/audio/mix.ts';
import { decibelsToGain } from '../../kernels/clamp.ts';
import { checkChoice, checkDb, checkMs, checkNumber } from '../../options/check-option.ts';
import { Ducker } from './mixer-ducker.ts';
import type { MixerInputOptions, MixerInputStatistics } from './mixer-input-options.ts';
import { MixerIntake } from './mixer-intake.ts';
import { MixerVoice } from './mixer-voice.ts';

/** Media that an input takes beforehand, in milliseconds. */
const READ_AHEAD_MS = 200;

/** How long a cut takes, in milliseconds. */
export const FADE_MS = 5;

/** What an input is told by the mix that it is part of. */
export interface MixerInputHost {
  readonly format: AudioFormat;
  /** Whether the inputs keep the time: a gap is then filled with silence. Else that time has already passed. */
  readonly fills: boolean;
  /** There is room again. */
  onRoom(input: MixerInput): void;
  /** Whether the next block waits for an input, so that the others take as much as they may. */
  readonly blockWaits: boolean;
}

/** One input of a mixer. */
export class MixerInput {
  readonly id: string;
  /** Whether others are ducked under this one: its peak is then measured. Set by the mixer. */
  isKey = false;
  /** What the block that was read last is part of. */
  readonly utterances = new Set<string>();
  readonly #host: MixerInputHost;
  readonly #capacityMs: number;
  readonly #intake: MixerIntake;
  readonly #voice: MixerVoice;
  readonly #ducker: Ducker | undefined;
  #peak = 0;
  #started = false;
  #ended = false;
  #removed = false;
  readonly #startsAt: number;
  #endsAt = Number.POSITIVE_INFINITY;
  #leaveLength: number;

  constructor(id: string, options: MixerInputOptions, host: MixerInputHost) {
    const { format, fills } = host;
    const { gainDb = 0, capacityMs = fills ? 10_000 : READ_AHEAD_MS, late = 'shift', startAt, duck } = options;
    checkDb('gainDb', gainDb);
    checkNumber('capacityMs', capacityMs, { min: 1, max: 60_000, unit: 'ms' });
    checkChoice('late', late, ['shift', 'trim']);
    if (startAt !== undefined) checkNumber('startAt', startAt, { min: 0, max: Number.MAX_SAFE_INTEGER, unit: 'us' });
    this.id = id;
    this.#host = host;
    this.#capacityMs = capacityMs;
    this.#intake = new MixerIntake({ format, capacityMs, trims: late === 'trim', fills });
    this.#leaveLength = this.#frames(FADE_MS);
    this.#voice = new MixerVoice(format.channels, decibelsToGain(gainDb), this.#leaveLength);
    this.#ducker = duck === undefined ? undefined : new Ducker(duck, format.sampleRate);
    this.#startsAt = startAt === undefined ? 0 : microsToSamples(startAt, format.sampleRate);
  }

  /** Takes a frame over, whatever its format. `release` is called when its media was mixed or dropped. */
  push(frame: AudioFrame, release?: () => void): void {
    if (frame.epoch > this.epoch) this.#cut(frame.epoch, FADE_MS);
    if (this.#ended || this.#removed || frame.epoch < this.epoch) {
      if (!this.#ended) this.#intake.refuse(frame.duration);
      frame.close();
      release?.();
      return;
    }
    this.#started = true;
    this.#intake.push(frame, release);
  }

  /** No more frames will come; what waits is still mixed. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#intake.end();
  }

  /** Fades out and leaves; at the mix's media time `at` to the sample, or at once. */
  remove(options: { readonly fadeMs?: number; readonly at?: Micros } = {}): void {
    checkKeys<{ fadeMs?: number; at?: Micros }>('remove', options, { fadeMs: true, at: true });
    const { fadeMs = FADE_MS, at = 0 } = options;
    checkMs('remove.fadeMs', fadeMs);
    this.#leaveLength = this.#frames(fadeMs);
    this.#endsAt = Math.min(this.#endsAt, microsToSamples(at, this.#host.format.sampleRate));
  }

  /** Moves to a new gain without a click. `rampMs` defaults to 10. */
  setGain(db: number, options: { readonly rampMs?: number } = {}): void {
    checkKeys<{ rampMs?: number }>('setGain', options, { rampMs: true });
    const { rampMs = 10 } = options;
    checkDb('setGain.db', db);
    checkMs('setGain.rampMs', rampMs);
    this.#voice.rampTo(decibelsToGain(db), this.#frames(rampMs));
  }

  /** Drops what was made before the interruption's epoch, with a fade. */
  interrupt(interruption: Interruption): void {
    const droppedMs = this.#cut(interruption.epoch, interruption.fadeMs);
    // Without a fade it is cut where nobody hears it, a device that stands still for example.
    if (interruption.fadeMs === 0) this.#voice.forget();
    if (droppedMs > 0) interruption.dropped(droppedMs * 1000);
  }

  get statistics(): MixerInputStatistics {
    return this.#intake.statistics;
  }

  get epoch(): number {
    return this.#intake.epoch;
  }

  /** Whether another frame may be pushed without anything being dropped. */
  get hasRoom(): boolean {
    const { waitingMs } = this.#intake;
    if (this.#removed || waitingMs >= this.#capacityMs) return false;
    return !this.#host.fills || waitingMs < READ_AHEAD_MS || this.#host.blockWaits;
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
    return this.#removed || this.#voice.settled;
  }

  /** Whether it contributes nothing from here on. */
  get done(): boolean {
    return this.#removed || (this.#ended && this.#intake.queue.length === 0);
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
    return this.#intake.queue.length >= (length - silent) * this.#host.format.channels;
  }

  /** Sample frames until the end, where that is known. */
  remaining(position: number): number {
    if (this.done) return 0;
    return Math.max(0, this.#startsAt - position) + this.#intake.queue.length / this.#host.format.channels;
  }

  /** Reads a block of so many sample frames into this input's values. First pass of a mix. */
  read(position: number, length: number): void {
    const { channels } = this.#host.format;
    const size = length * channels;
    const start = Math.min(length, Math.max(0, this.#startsAt - position)) * channels;
    this.#voice.begin(size, start);
    if (this.utterances.size > 0) this.utterances.clear();
    let at = this.#readQueue(start, size);
    if (at < size && this.#intake.drainPause()) at = this.#readQueue(at, size);
    this.#intake.passed(length);
    if (at < size) this.#goQuiet(at, size);
    if (position + length > this.#endsAt) {
      const from = Math.max(0, this.#endsAt - position);
      if (this.#voice.fadeOut(from, length, this.#leaveLength)) this.close();
    }
    if (this.isKey) this.#peak = peakOf(this.#voice.values, size);
    if (!this.#ended && this.hasRoom) this.#host.onRoom(this);
  }

  /** The values of the block, made quieter if `keyPeak` says that others sound. Second pass of a mix. */
  output(keyPeak: number, length: number): Float32Array {
    const { values } = this.#voice;
    this.#ducker?.process(values, length, this.#host.format.channels, keyPeak);
    return values;
  }

  close(): void {
    this.utterances.clear();
    this.#removed = true;
    this.#intake.clear();
  }

  /** Reads what waits into the values from `at` on, at most up to `size`. Returns how far. */
  #readQueue(at: number, size: number): number {
    const { queue } = this.#intake;
    let end = at;
    while (end < size && queue.length > 0) {
      const { breaks, utterance } = queue;
      if (utterance !== undefined) for (const id of idsOf(utterance)) this.utterances.add(id);
      const count = queue.read(this.#voice.values, end, size - end);
      this.#voice.pass(end, end + count, breaks);
      end += count;
    }
    return end;
  }

  #goQuiet(at: number, size: number): void {
    this.#voice.goQuiet(at, size);
    if (this.#started && !this.#ended) this.#intake.late.miss(size - at);
  }

  #cut(epoch: number, fadeMs: number): number {
    return this.#intake.cut(epoch, this.#voice.sounding ? this.#frames(fadeMs) : 0);
  }

  #frames(ms: number): number {
    return Math.round((ms * this.#host.format.sampleRate) / 1000);
  }
}
