// The line of samples that all tracks of a recording share, and what leaves it block by block. No call and no file.

import type { AudioFrame, Cancel, Clock, Source } from '@sluice/core';
import { Outlet } from './outlet.ts';
import { Voice, type VoiceFormat } from './voice.ts';

/** How long after it was heard a moment is written, in milliseconds: what is late finds its place meanwhile. */
const DELAY_MS = 1_000;
/** Length of a block in milliseconds. */
const BLOCK_MS = 100;
/** Every block ends on a multiple of this, in milliseconds: whole samples at any rate, and whole blocks of a mix. */
export const GRAIN_MS = 20;
/** How far behind the place of what is heard now a voice may enter the mix, in milliseconds. */
const ENTRY_MS = 500;

export interface RecordingTimelineOptions extends VoiceFormat {
  readonly clock: Clock;
}

/**
 * Counts samples from `start()` on by the clock, each block from that one origin, so that hours add no error. Voices may
 * come at any time; what they bring is said one second after it was heard, of all of them at once, in blocks of 100 ms. It
 * ends on a multiple of 20 ms.
 */
export class RecordingTimeline {
  readonly format: VoiceFormat;
  readonly #clock: Clock;
  readonly #voices = new Set<Voice>();
  readonly #ruler: Outlet;
  #startMs = Number.NaN;
  #position = 0;
  #blocks = 0;
  #ended = false;
  #cancel: Cancel = () => {};

  constructor({ clock, sampleRate, channels }: RecordingTimelineOptions) {
    this.#clock = clock;
    this.format = { sampleRate, channels };
    this.#ruler = new Outlet('ruler', sampleRate, channels, 0);
  }

  /** Silence as long as the line: gives a mix its length, whoever is there. */
  get ruler(): Source<AudioFrame> {
    return this.#ruler.source;
  }

  /** Where the line ends so far, in samples per channel. */
  get position(): number {
    return this.#position;
  }

  /** Now is sample 0. */
  start(): void {
    this.#startMs = this.#clock.now();
    this.#tick();
  }

  /** A track more. */
  add(): Voice {
    const { sampleRate } = this.format;
    const now = () => ((this.#clock.now() - this.#startMs) * sampleRate) / 1_000;
    const voice = new Voice(this.format, this.#position, now);
    this.#voices.add(voice);
    return voice;
  }

  /** Where a voice that is led into the mix now has its first sample there: behind what is mixed, before what it said. */
  get entry(): number {
    const { sampleRate } = this.format;
    return this.#position === 0 ? 0 : this.#position + (ENTRY_MS * sampleRate) / 1_000;
  }

  /** Says what is left up to now and ends everything. Returns the length of the line in samples per channel. */
  end(): number {
    if (this.#ended) return this.#position;
    this.#ended = true;
    this.#cancel();
    this.#advance(this.#clock.now());
    for (const voice of this.#voices) voice.end(this.#position);
    this.#ruler.end();
    return this.#position;
  }

  #tick(): void {
    this.#advance(this.#clock.now() - DELAY_MS);
    this.#blocks++;
    this.#cancel = this.#clock.at(this.#startMs + this.#blocks * BLOCK_MS, () => this.#tick());
  }

  /** In steps of at most a second, after however long a standstill. */
  #advance(ms: number): void {
    const grain = (this.format.sampleRate * GRAIN_MS) / 1_000;
    const target = Math.floor((ms - this.#startMs) / GRAIN_MS) * grain;
    while (this.#position < target) {
      const from = this.#position;
      const to = Math.min(target, from + this.format.sampleRate);
      this.#position = to;
      for (const voice of this.#voices) voice.advance(from, to);
      this.#ruler.send(new Int16Array((to - from) * this.format.channels), from);
    }
  }
}
