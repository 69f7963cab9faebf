import { type AudioFrame, type SinkWriter, samplesToMicros } from '@sluice/core';
import type { MovieFile } from './movie-file.ts';
import { SoundBytes, type SoundCounts } from './sound-bytes.ts';

/** What the sound of a `toMovie` was. */
export type MovieSoundResult = SoundCounts;

/** The sound of a movie: its samples are counted from the first frame's time on. */
export class MovieSound implements SinkWriter<AudioFrame, MovieSoundResult> {
  readonly #file: MovieFile;
  readonly #format: { readonly sampleRate: number; readonly channels: number };
  readonly #sound: SoundBytes;
  #first: number | undefined;

  constructor(file: MovieFile, format: { readonly sampleRate: number; readonly channels: number }) {
    this.#file = file;
    this.#format = format;
    const timeOf = (samples: number) => samplesToMicros(samples, format.sampleRate);
    this.#sound = new SoundBytes(format, (bytes, sample) => {
      const times = {
        timestamp: this.#first! + timeOf(sample),
        duration: timeOf(bytes.length / (2 * format.channels)),
      };
      return file.put('audio', times, bytes);
    });
  }

  write(frame: AudioFrame): void | Promise<void> {
    return this.#first === undefined ? this.#begin(frame) : this.#sound.write(frame);
  }

  async end(): Promise<MovieSoundResult> {
    await this.#file.end('audio');
    return this.#sound.counts;
  }

  abort(): Promise<void> {
    return this.#file.abort();
  }

  async #begin(frame: AudioFrame): Promise<void> {
    // What is missing before it stands before it.
    this.#first = frame.timestamp - (frame.gap?.duration ?? 0);
    await this.#file.join({ kind: 'audio', ...this.#format }, this.#first);
    await this.#sound.write(frame);
  }
}
