import type { AudioFrame, VideoFrame } from '@sluice/core';

/** How long a picture is taken to last that says nothing of it, in milliseconds. */
const UNKNOWN_PICTURE_MS = 1000 / 30;
/** Timestamps of pictures that go back, or ahead by more than this, begin a new count, in microseconds. */
const LARGEST_STEP = 60_000_000;

/** Where frames stand on a pacer's time line, in milliseconds: sound by its samples, pictures by their timestamps. */
export class PacerPositions {
  readonly #gaps: 'keep' | 'skip';
  /** Positions are a base plus a count, so that rounding never adds up. */
  #baseMs = 0;
  #samples = 0;
  #sampleRate = 0;
  #origin: number | undefined;
  #last = 0;
  #next = 0;

  constructor(gaps: 'keep' | 'skip') {
    this.#gaps = gaps;
  }

  /** Where the next frame stands if nothing is missing between. */
  get next(): number {
    return this.#next;
  }

  place(frame: AudioFrame | VideoFrame): number {
    const missingMs = (frame.gap?.duration ?? 0) / 1000;
    return frame.kind === 'audio' ? this.#placeSound(frame, missingMs) : this.#placePicture(frame, missingMs);
  }

  #placeSound({ sampleRate, length }: AudioFrame, missingMs: number): number {
    if (sampleRate !== this.#sampleRate) {
      this.#baseMs = this.#next;
      this.#samples = 0;
      this.#sampleRate = sampleRate;
    }
    if (this.#gaps === 'keep') this.#baseMs += missingMs;
    const position = this.#soundAt(this.#samples);
    this.#samples += length;
    this.#next = this.#soundAt(this.#samples);
    return position;
  }

  #soundAt(samples: number): number {
    return this.#baseMs + (samples * 1000) / this.#sampleRate;
  }

  #placePicture({ timestamp, duration }: VideoFrame, missingMs: number): number {
    const step = timestamp - this.#last;
    if (this.#origin === undefined || step < 0 || step > LARGEST_STEP) {
      this.#origin = timestamp;
      this.#baseMs = this.#next;
    } else if (this.#gaps === 'skip') this.#baseMs -= missingMs;
    this.#last = timestamp;
    const position = this.#baseMs + (timestamp - this.#origin) / 1000;
    this.#next = position + (duration > 0 ? duration / 1000 : UNKNOWN_PICTURE_MS);
    return position;
  }
}
