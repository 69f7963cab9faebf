import type { ReadBytes } from './read-bytes.ts';
import { findWavData, type WavData } from './wav-data.ts';

/** What a WAV file says of its sound, and what is true of it. */
export interface SoundExtent {
  /** Samples per channel that are there, where the library plays more than that. */
  readonly samples: number | undefined;
  /** Bytes that were announced and are not there. */
  readonly missingBytes: number;
}

/** What writers put who did not know, or were killed before they did. */
const unknownSizes = [0, 0xffff_ffff, 0x7fff_ffff, 0xffff_f000];

/**
 * The same bytes, with a size of the sound in its head where there is none: the library plays nothing of a file whose writer was
 * killed before it knew.
 */
export async function mendWav(
  size: number,
  read: ReadBytes,
): Promise<{ readonly extent: SoundExtent | undefined; readonly mended: ReadBytes }> {
  const data = await findWavData(size, read);
  if (data === undefined) return { extent: undefined, mended: read };
  const there = size - data.start;
  const missingBytes = unknownSizes.includes(data.size) ? 0 : Math.max(0, data.size - there);
  const extent = { samples: undefined, missingBytes };
  if (data.size !== 0) return { extent, mended: read };
  const mended = async (start: number, end: number) => {
    const bytes = (await read(start, end)).slice();
    putUnknownSize(bytes, start, data);
    return bytes;
  };
  return { extent, mended };
}

/** Writes the largest size where one of 0 stands, in bytes of which the first stands at `start`. The library stops at the end of the file. */
export function putUnknownSize(bytes: Uint8Array, start: number, data: WavData): void {
  for (const position of [4, data.start - 4])
    for (let at = position - start; at < position - start + 4; at++) if (at >= 0 && at < bytes.length) bytes[at] = 0xff;
}
