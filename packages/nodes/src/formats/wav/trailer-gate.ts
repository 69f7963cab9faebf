import { chunkHead, chunkLength, longestTrailer, trailingChunks } from './wav-chunks.ts';

/** Names that chunks behind the audio have; any other may have no more than a few bytes. */
const names = new Set(
  // biome-ignore format: one list
  'LIST id3 ID3 bext cue smpl inst fact PEAK iXML _PMX JUNK junk PAD acid cart afsp chna axml umid levl FLLR minf DISP plst MD5'
    .split(' ')
    .map((name) => name.padEnd(4)),
);
/** Of a chunk with another name: what is held back must not be heard as a delay when it is sound after all. */
const MOST_UNNAMED = 256;
/** A run of more chunks is none: the search stays short whatever the bytes are. */
const MOST_CHUNKS = 16;
/** As much of a name as is worth waiting for the rest. */
const LEAST_NAME = 2;

/**
 * Keeps chunks behind the audio of a stream from being heard where nobody says how long the audio is. Only what may be
 * such a chunk waits, at most 64 KiB, until the stream ends or goes on: everything else passes at once.
 */
export class TrailerGate {
  /** Room for a block of a codec, what may be chunks, and the next piece. */
  readonly #bytes = new Uint8Array(4 * longestTrailer);
  #length = 0;
  /** Bytes at the front that are sound. */
  #sound = 0;

  /** Room for more bytes, which `filled` tells of. */
  get room(): Uint8Array {
    return this.#bytes.subarray(this.#length, this.#length + longestTrailer);
  }

  /** So many bytes were put into `room`. */
  filled(bytes: number): void {
    this.#length += bytes;
    const heads = this.#length - chunkHead;
    let at = this.#sound;
    for (; at <= heads; at++) {
      // Nearly all sound fails here: the size of a chunk that is waited for ends with a zero, its name begins with none.
      if (this.#bytes[at + 7] === 0 && this.#bytes[at]! > 0x20 && this.#waitsAt(at)) break;
    }
    if (at > heads) while (at < this.#length && !this.#waitsAt(at)) at++;
    this.#sound = at;
  }

  /** What is known to be sound. Valid until bytes are put into `room` or taken. */
  get sound(): Uint8Array {
    return this.#bytes.subarray(0, this.#sound);
  }

  /** Removes bytes from the front. */
  take(bytes: number): void {
    this.#bytes.copyWithin(0, bytes, this.#length);
    this.#length -= bytes;
    this.#sound = Math.max(this.#sound - bytes, 0);
    // A name that only just began was let pass; if it is still here, it may be longer by now.
    this.#sound = Math.min(this.#sound, Math.max(this.#length - LEAST_NAME + 1, 0));
  }

  /** No more bytes come: all are sound, or with `searched` all before the chunks at the end, whose bytes it returns. */
  end(searched: boolean): number {
    const length = this.#length;
    this.#sound = searched ? trailingChunks(this.#bytes.subarray(0, length)) : length;
    this.#length = this.#sound;
    return length - this.#sound;
  }

  /** Whether more bytes have to come before it is known that no chunks reach from here to the end. */
  #waitsAt(start: number): boolean {
    const length = this.#length;
    if (length - start < chunkHead) return this.#beginsName(start, length);
    for (let at = start, chunk = 0; chunk < MOST_CHUNKS; chunk++) {
      const bytes = chunkLength(this.#bytes, at, length);
      if (bytes === undefined) return at > start && length - at < chunkHead;
      if (at + bytes - start > longestTrailer) return false;
      if (at === start && bytes > MOST_UNNAMED && !names.has(this.#text(at, at + 4))) return false;
      at += bytes;
      if (at >= length) return true;
    }
    return false;
  }

  #beginsName(start: number, end: number): boolean {
    if (end - start < LEAST_NAME || !letter(this.#bytes[start]!) || !letter(this.#bytes[start + 1]!)) return false;
    const text = this.#text(start, Math.min(end, start + 4));
    for (const name of names) if (name.startsWith(text)) return true;
    return false;
  }

  #text(start: number, end: number): string {
    return String.fromCharCode(...this.#bytes.subarray(start, end));
  }
}

function letter(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x7a;
}
