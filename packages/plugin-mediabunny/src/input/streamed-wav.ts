import { putUnknownSize, type SoundExtent } from './sound-extent.ts';
import { findWavData, type WavData } from './wav-data.ts';

/** The head of a WAV stream is looked for in so many bytes. */
const HEAD_BYTES = 65_536;
/** What the library reads at once, in samples. */
const PIECE_SAMPLES = 2_048;

const nothing = new Uint8Array(0);

/**
 * What passes is a stream of any form. Where it is a WAV stream that ends before its head says so, the library would leave out the
 * last piece, which is not whole, and play nothing where the size is 0: so the size is written, and the last piece filled up with
 * zeros, which are no sound (`samples`).
 */
export class StreamedWav implements SoundExtent {
  readonly missingBytes = 0;
  /** Kept back until it is known what they are; then undefined. */
  #head: Uint8Array | undefined = nothing;
  #data: WavData | undefined;
  #bytes = 0;
  #samples: number | undefined;

  /** Known at the end. */
  get samples(): number | undefined {
    return this.#samples;
  }

  /** What goes on, perhaps nothing yet. */
  async take(piece: Uint8Array): Promise<Uint8Array> {
    this.#bytes += piece.length;
    if (this.#head === undefined) return piece;
    const head = new Uint8Array(this.#head.length + piece.length);
    head.set(this.#head);
    head.set(piece, this.#head.length);
    this.#head = head;
    await this.#look();
    return this.#data === undefined && head.length < HEAD_BYTES ? nothing : this.#release();
  }

  /** Nothing more comes: what goes on behind it. */
  end(): Uint8Array {
    const held = this.#release();
    const { start, size, block } = this.#data ?? { start: 0, size: 0, block: 0 };
    const there = this.#bytes - start;
    if (block === 0 || there < 0 || (size > 0 && size <= there)) return held;
    this.#samples = Math.floor(there / block);
    const piece = PIECE_SAMPLES * block;
    const padded = new Uint8Array(held.length + ((piece - (there % piece)) % piece));
    padded.set(held);
    return padded;
  }

  async #look(): Promise<void> {
    const head = this.#head!;
    this.#data = await findWavData(head.length, async (start, end) => head.subarray(start, end));
    if (this.#data?.size === 0) putUnknownSize(head, 0, this.#data);
  }

  #release(): Uint8Array {
    const held = this.#head ?? nothing;
    this.#head = undefined;
    return held;
  }
}
