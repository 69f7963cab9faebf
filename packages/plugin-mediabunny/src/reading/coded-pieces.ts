import { type EncodedPacket, EncodedPacketSink } from 'mediabunny';
import { containerError, readingError } from '../errors.ts';
import { checkPieceSize } from '../input/guarded-source.ts';
import type { SampleCoding, SampleDecoder } from './sample-decoder.ts';
import type { SoundPiece, SoundPieces } from './sound-pieces.ts';
import type { SoundTrack } from './sound-track.ts';

/** So many pieces without a sample, one after the other, are no sound any more. */
const MOST_EMPTY = 1_000;
const withoutData = { metadataOnly: true } as const;

/** Sound in PCM or G.711, decoded here. */
export class CodedPieces implements SoundPieces {
  readonly #track: SoundTrack;
  readonly #packets: EncodedPacketSink;
  readonly #decode: SampleDecoder;
  readonly #blockBytes: number;
  readonly #start: number;
  #before: EncodedPacket | undefined;
  #now: EncodedPacket | undefined;
  #memory = new Int16Array(0);

  /** @param start pieces before this sample may be left out */
  constructor(track: SoundTrack, coding: SampleCoding, start: number, found: (count: number) => void) {
    this.#track = track;
    this.#packets = new EncodedPacketSink(track.track);
    this.#decode = coding.decoder(found);
    this.#blockBytes = coding.bytes * track.channels;
    this.#start = start;
  }

  async next(): Promise<SoundPiece | undefined> {
    const { name, sampleRate, zero } = this.#track;
    for (let empty = 0; empty < MOST_EMPTY; empty++) {
      const before = this.#now;
      // What is read is looked at first: a piece is as large as whoever made the file likes.
      const packet = await this.#read(before, true);
      if (packet === undefined) return undefined;
      checkPieceSize(packet.byteLength, name);
      this.#before = before;
      this.#now = packet;
      const length = Math.floor(packet.byteLength / this.#blockBytes);
      if (length > 0) return { at: Math.round((packet.timestamp - zero) * sampleRate), length };
    }
    throw containerError('SLUICE_CONTAINER_FORMAT', `${name} is damaged: it goes on without sound`);
  }

  async samples(): Promise<Int16Array> {
    const packet = await this.#read(this.#before, false);
    const { channels } = this.#track;
    // In a file that was cut its index may know more than there is.
    const bytes = packet?.data ?? new Uint8Array(0);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % this.#blockBytes));
    const most = (whole.length / this.#blockBytes) * channels;
    if (this.#memory.length < most) this.#memory = new Int16Array(most);
    return this.#memory.subarray(0, this.#decode(whole, this.#memory));
  }

  close(): void {}

  async #read(before: EncodedPacket | undefined, looking: boolean): Promise<EncodedPacket | undefined> {
    const options = looking ? withoutData : {};
    try {
      const packet =
        before === undefined ? await this.#first(options) : await this.#packets.getNextPacket(before, options);
      return packet ?? undefined;
    } catch (error) {
      throw readingError(this.#track.name, error);
    }
  }

  async #first(options: { readonly metadataOnly?: true }): Promise<EncodedPacket | null> {
    const { exact, sampleRate, zero } = this.#track;
    // Where times are coarser than samples what is before has to be counted.
    const there =
      exact && this.#start > 0 ? await this.#packets.getPacket((this.#start + 0.5) / sampleRate + zero, options) : null;
    return there ?? (await this.#packets.getFirstPacket(options));
  }
}
