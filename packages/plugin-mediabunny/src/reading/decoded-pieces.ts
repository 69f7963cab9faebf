import { type AudioSample, AudioSampleSink } from 'mediabunny';
import { readingError } from '../errors.ts';
import type { SoundPiece, SoundPieces } from './sound-pieces.ts';
import type { SoundTrack } from './sound-track.ts';

/** Sound that a decoder decodes which somebody has registered. From the front, so that each sample has its place. */
export class DecodedPieces implements SoundPieces {
  readonly #track: SoundTrack;
  readonly #samples: AsyncGenerator<AudioSample, void, unknown>;
  #now: AudioSample | undefined;

  constructor(track: SoundTrack) {
    this.#track = track;
    this.#samples = new AudioSampleSink(track.track).samples();
  }

  async next(): Promise<SoundPiece | undefined> {
    const { name, sampleRate, zero } = this.#track;
    this.#now?.close();
    this.#now = undefined;
    try {
      const { value } = await this.#samples.next();
      if (!value) return undefined;
      this.#now = value;
      this.#check(value);
      return { at: Math.round((value.timestamp - zero) * sampleRate), length: value.numberOfFrames };
    } catch (error) {
      throw readingError(name, error);
    }
  }

  async samples(): Promise<Int16Array> {
    const { numberOfFrames, numberOfChannels } = this.#now!;
    const samples = new Int16Array(numberOfFrames * numberOfChannels);
    this.#now!.copyTo(samples, { planeIndex: 0, format: 's16' });
    return samples;
  }

  async close(): Promise<void> {
    this.#now?.close();
    this.#now = undefined;
    await this.#samples.return();
  }

  /** Decoders may find another format than the container names. */
  #check({ sampleRate, numberOfChannels }: AudioSample): void {
    const { sampleRate: rate, channels } = this.#track;
    if (sampleRate === rate && numberOfChannels === channels) return;
    throw new Error(
      `it says ${rate} Hz and ${channels} channels, and is decoded to ${sampleRate} Hz and ${numberOfChannels}`,
    );
  }
}
