// What is heard: the mix of all remote voices, and the time line of what is live. Nothing that sends.

import {
  type AudioFormat,
  type Cancel,
  type Clock,
  type Glitches,
  GlitchTotals,
  glitchRates,
  outOfRange,
  sameAudioFormat,
} from '@sluice/core';
import { SeamlessConverter } from '@sluice/core/kernels';
import { complete } from '../device-completion.ts';
import { deviceDestroyed } from '../device-errors.ts';
import { limit } from './mix.ts';
import { VoiceQueue } from './voice-queue.ts';

export interface VirtualSpeakerOptions extends AudioFormat {
  readonly name: string;
  readonly nonBlocking: boolean;
  readonly clock: Clock;
}

/** What one remote track plays into a speaker. */
export interface SpeakerVoice {
  push(samples: Int16Array, sampleRate: number, channels: number): void;
  close(): void;
}

interface Read {
  readonly output: Int16Array;
  filled: number;
  readonly done: (bytes: Buffer) => void;
}

/** How often a waiting read takes what is due, and how soon a read returns when there is nothing to hear. */
const STEP_MS = 10;
/** A step that is later than this follows a stall of the event loop, in milliseconds. */
const LATE_STEP_MS = 5;
/** A reader that is away for longer misses what was said meanwhile, in milliseconds. */
export const LONGEST_ABSENCE_MS = 1_000;
/** The longest read in samples per channel: ten minutes at 192 kHz. */
const LONGEST_READ = 115_200_000;

/**
 * A speaker that code listens to: the mix of all remote audio that the clients of this process are subscribed to, in the
 * device's format, in real time by the clock. Made by `Daily.createSpeakerDevice`, in use after
 * `Daily.selectSpeakerDevice`. Adds about 20 ms of latency, which even out the arrival of the voices.
 */
export class VirtualSpeakerDevice {
  readonly name: string;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly nonBlocking: boolean;
  readonly #clock: Clock;
  readonly #voices = new Set<Voice>();
  readonly #reads: Read[] = [];
  readonly #mix: Int32Array;
  /** Time of sample 0 and samples given out since then; undefined while nobody reads. */
  #anchor: number | undefined;
  #position = 0;
  #due = 0;
  #letIn = false;
  #cancel: Cancel | undefined;
  /** Others who hear the same, each with a queue of its own. */
  readonly #readers = new Set<VirtualSpeakerDevice>();
  readonly #onClose: (reader: VirtualSpeakerDevice) => void;
  /** Glitches of voices and readers that are gone. */
  readonly #past = new GlitchTotals();
  #everRead = false;
  #active = false;
  #closed = false;

  constructor(options: VirtualSpeakerOptions, onClose: (reader: VirtualSpeakerDevice) => void = () => {}) {
    this.#onClose = onClose;
    this.name = options.name;
    this.sampleRate = options.sampleRate;
    this.channels = options.channels;
    this.nonBlocking = options.nonBlocking;
    this.#clock = options.clock;
    this.#mix = new Int32Array(Math.ceil(options.sampleRate / 100) * options.channels);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether it is the selected speaker: another one hears nobody. */
  get active(): boolean {
    return this.#active;
  }

  /** For the hub, which selects. */
  setActive(active: boolean): void {
    this.#active = active;
  }

  /** One more reader that hears all that this device does, from now on, until either is closed. */
  openReader(): VirtualSpeakerDevice {
    if (this.#closed) throw deviceDestroyed(this.name);
    const { name, sampleRate, channels } = this;
    const options = { name, sampleRate, channels, nonBlocking: false, clock: this.#clock };
    const reader = new VirtualSpeakerDevice(options, (closed) => this.#gone(closed));
    this.#readers.add(reader);
    for (const voice of this.#voices) voice.copyTo(reader);
    return reader;
  }

  /** Remote voices that are heard now. */
  get voices(): number {
    return this.#voices.size;
  }

  /** Samples, all channels and voices, that were lost because nobody read for more than a second. */
  get dropped(): number {
    let dropped = 0;
    for (const reader of this.#readers) dropped += reader.dropped;
    if (this.#readers.size > 0 && !this.#everRead) return dropped;
    for (const voice of this.#voices) dropped += voice.queue.dropped;
    return dropped;
  }

  /**
   * Gaps in voices as they were read: one ran dry while it could be heard, and came again within a second. `playedMs` is the sum
   * over voices, and over the readers of `fromSpeaker`, so that rates are of an hour of one voice. What the network had lost
   * before is no gap here but one of the receiving client.
   */
  get glitches(): Glitches {
    const totals = new GlitchTotals();
    totals.add(this.#past);
    for (const voice of this.#voices) totals.add(voice.queue.glitches);
    for (const reader of this.#readers) totals.add(reader.glitches);
    return glitchRates(totals);
  }

  /**
   * Listens for `frames` samples per channel. The promise resolves when so much time has passed, with exactly that much
   * audio, or with no bytes within 10 ms when there is nobody to hear. On a non-blocking device it resolves at once
   * with no bytes, and the completion gets them; it is called exactly once on either kind.
   *
   * @returns signed 16-bit little-endian interleaved samples in a buffer of their own.
   * @throws `RangeError` for a count that is no whole number above 0, `SLUICE_DEVICE_DESTROYED`.
   */
  readFrames(frames: number, completion?: (bytes: Buffer) => void): Promise<Buffer> {
    return new Promise((resolve) => {
      if (!Number.isInteger(frames) || frames < 1 || frames > LONGEST_READ)
        throw outOfRange('frames', `a whole number from 1 to ${LONGEST_READ}`, frames);
      if (this.#closed) throw deviceDestroyed(this.name);
      this.#everRead = true;
      this.#reads.push({
        output: new Int16Array(frames * this.channels),
        filled: 0,
        done: (bytes) => {
          resolve(bytes);
          complete(completion, bytes);
        },
      });
      if (this.nonBlocking) resolve(Buffer.alloc(0));
      if (this.#cancel === undefined) this.#begin();
    });
  }

  /** For calls: a further voice. */
  openVoice(): SpeakerVoice {
    const voice = new Voice(this, (closed) => {
      if (this.#voices.delete(closed)) this.#past.add(closed.queue.glitches);
    });
    this.#voices.add(voice);
    for (const reader of this.#readers) voice.copyTo(reader);
    return voice;
  }

  /** Use `Daily.destroyDevice`. Waiting reads resolve with no bytes. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancel?.();
    for (const voice of [...this.#voices]) voice.close();
    for (const reader of [...this.#readers]) reader.close();
    this.#onClose(this);
    for (const read of this.#reads.splice(0)) read.done(Buffer.alloc(0));
  }

  #gone(reader: VirtualSpeakerDevice): void {
    if (this.#readers.delete(reader)) this.#past.add(reader.glitches);
  }

  #begin(): void {
    const now = this.#clock.now();
    if (this.#voices.size === 0) this.#anchor = undefined;
    if (this.#anchor === undefined || now - this.#timeOf(this.#position) > LONGEST_ABSENCE_MS) {
      this.#anchor = now;
      this.#position = 0;
      for (const voice of this.#voices) voice.queue.skipBacklog();
    }
    this.#arm();
  }

  #timeOf(position: number): number {
    return this.#anchor! + (position * 1000) / this.sampleRate;
  }

  #arm(): void {
    const read = this.#reads[0];
    this.#cancel = undefined;
    if (read === undefined) return;
    const left = (read.output.length - read.filled) / this.channels;
    const step = Math.min(left, Math.ceil((STEP_MS * this.sampleRate) / 1000));
    this.#due = this.#timeOf(this.#position + step);
    this.#cancel = this.#clock.at(this.#due, this.#step);
  }

  #step = (): void => {
    const now = this.#clock.now();
    if (!this.#letIn && now - this.#due > LATE_STEP_MS) {
      // The event loop stood still: what arrived meanwhile is let in before it is missed.
      this.#letIn = true;
      this.#cancel = this.#clock.at(now, this.#step);
      return;
    }
    this.#letIn = false;
    // A microsecond of slack: the time of a sample is a rounded number.
    let due = Math.floor(((now - this.#anchor! + 0.001) * this.sampleRate) / 1000) - this.#position;
    while (due > 0 && this.#reads.length > 0) {
      const read = this.#reads[0]!;
      if (read.filled === 0 && this.#voices.size === 0) {
        this.#reads.shift();
        read.done(Buffer.alloc(0));
        continue;
      }
      const left = (read.output.length - read.filled) / this.channels;
      const count = Math.min(due, left, this.#mix.length / this.channels);
      this.#mixInto(read, count * this.channels);
      this.#position += count;
      due -= count;
      if (read.filled < read.output.length) continue;
      this.#reads.shift();
      read.done(Buffer.from(read.output.buffer));
    }
    this.#arm();
  };

  #mixInto(read: Read, length: number): void {
    const mix = this.#mix.subarray(0, length).fill(0);
    for (const voice of this.#voices) voice.addTo(mix);
    limit(mix, length, this.#voices.size, read.output, read.filled);
    read.filled += length;
  }
}

class Voice implements SpeakerVoice {
  readonly queue: VoiceQueue;
  readonly #onClose: (voice: Voice) => void;
  readonly #converter: SeamlessConverter;
  readonly #copies = new Map<VirtualSpeakerDevice, SpeakerVoice>();

  constructor(to: AudioFormat, onClose: (voice: Voice) => void) {
    this.#onClose = onClose;
    this.#converter = new SeamlessConverter({ sampleRate: to.sampleRate, channels: to.channels });
    this.queue = new VoiceQueue(to.sampleRate, to.channels);
  }

  /** The reader hears this voice too. */
  copyTo(reader: VirtualSpeakerDevice): void {
    this.#copies.set(reader, reader.openVoice());
  }

  push(samples: Int16Array, sampleRate: number, channels: number): void {
    for (const [reader, copy] of this.#copies) {
      if (reader.closed) this.#copies.delete(reader);
      else copy.push(samples.slice(), sampleRate, channels);
    }
    const format = { sampleRate, channels };
    const { from } = this.#converter;
    if (from === undefined || !sameAudioFormat(from, format)) this.queue.push(this.#converter.change(format, samples));
    this.queue.push(this.#converter.process(samples));
  }

  /** Adds the next samples. What the conversion keeps back when no more comes would sound in front of what comes next. */
  addTo(mix: Int32Array): void {
    if (this.queue.runsDry(mix.length)) {
      this.queue.push(this.#converter.drain());
      this.#converter.beginStretch();
    }
    this.queue.addTo(mix);
  }

  close(): void {
    for (const copy of this.#copies.values()) copy.close();
    this.#copies.clear();
    this.#converter.close();
    this.#onClose(this);
  }
}
