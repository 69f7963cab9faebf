import type { Clock } from '@sluice/core';
import { AudioConverter } from '@sluice/core/kernels';
import type { SentSound } from '@sluice/transport/testing';
import { isSilent } from './sample-line.ts';
import type { PendingSounds } from './voice-mix.ts';

interface Line {
  readonly converter: AudioConverter | undefined;
  /** What the converter keeps back, in whole ticks, in samples of the room. */
  readonly lag: number;
  next: number;
}

/** Puts what leaves the devices of a participant onto the room's timeline: each 10 ms from the moment it left. */
export class MicrophoneVoice {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #rate: number;
  readonly #sounds: PendingSounds;
  readonly #lines = new Map<number, Line>();

  constructor(clock: Clock, startMs: number, sampleRate: number, sounds: PendingSounds) {
    this.#clock = clock;
    this.#startMs = startMs;
    this.#rate = sampleRate;
    this.#sounds = sounds;
  }

  take = ({ source, samples, sampleRate, channels }: SentSound): void => {
    const line = this.#line(source, sampleRate, channels);
    const { converter } = line;
    const due = Math.round(((this.#clock.now() - this.#startMs) * this.#rate) / 1_000);
    if (converter === undefined) {
      if (isSilent(samples)) return;
      // What was held back for a slow writer leaves between two ticks, and what follows stands behind it.
      const at = Math.max(due, line.next);
      line.next = at + samples.length;
      return this.#sounds.add(at, samples.slice());
    }
    const sound = converter.process(samples);
    if (Number.isNaN(line.next) || due - line.next > line.lag + samples.length) line.next = due;
    if (!isSilent(sound)) this.#sounds.add(line.next + line.lag, sound);
    line.next += sound.length;
  };

  #line(source: number, sampleRate: number, channels: number): Line {
    let line = this.#lines.get(source);
    if (line === undefined) {
      const converter = new AudioConverter({ sampleRate, channels }, { sampleRate: this.#rate, channels: 1 });
      const lag = (Math.ceil(converter.latencyMs / 10) * this.#rate) / 100;
      const isSame = converter.identity;
      line = { converter: isSame ? undefined : converter, lag, next: isSame ? 0 : Number.NaN };
      this.#lines.set(source, line);
    }
    return line;
  }
}
