import type { ReadBytes } from './read-bytes.ts';

/** The chunk of a WAV file that has the samples. */
export interface WavData {
  /** Where its first byte is. */
  readonly start: number;
  /** As its head says, in bytes. */
  readonly size: number;
  /** Bytes of one sample of all channels; 0 if nobody has said it. */
  readonly block: number;
}

/** So many chunks before the sound are looked at. */
const MOST_CHUNKS = 100;

/** Finds it in a RIFF file; undefined where there is none in `size` bytes. A file of RF64 has known its length. */
export async function findWavData(size: number, read: ReadBytes): Promise<WavData | undefined> {
  if (size < 12) return undefined;
  const head = await read(0, 12);
  if (ascii(head, 0) !== 'RIFF' || ascii(head, 8) !== 'WAVE') return undefined;
  let block = 0;
  for (let at = 12, chunks = 0; at + 8 <= size && chunks < MOST_CHUNKS; chunks++) {
    const chunk = await read(at, Math.min(at + 24, size));
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const length = view.getUint32(4, true);
    if (ascii(chunk, 0) === 'fmt ' && chunk.length >= 22) block = view.getUint16(20, true);
    if (ascii(chunk, 0) === 'data') return { start: at + 8, size: length, block };
    at += 8 + length + (length & 1);
  }
  return undefined;
}

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
