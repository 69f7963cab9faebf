/** What the sizes in a WAV header say, as far as it can be believed without seeing the file. */
export interface WavSizes {
  /** Bytes of audio that the header announces; undefined if the writer did not know (a streamed or broken-off file). */
  readonly dataBytes: number | undefined;
  /** A size that mostly stands for "not known": it counts only if the file has as many bytes. */
  readonly perhapsBytes: number | undefined;
  /** Where the file is to end; undefined if the writer did not know. */
  readonly riffEnd: number | undefined;
  /** A 32-bit size that was not followed, because the 64-bit one is another. */
  readonly ignoredBytes: number | undefined;
}

/** The sizes as they are stored. */
export interface StoredSizes {
  /** Whether the file calls itself RF64 or BW64. */
  readonly large: boolean;
  /** Of the `data` chunk. */
  readonly data: number;
  /** Of the whole file, less 8. */
  readonly riff: number;
  /** The same of the `ds64` chunk; 0 if there is none. */
  readonly data64: number;
  readonly riff64: number;
  /** Position of the first byte of audio. */
  readonly dataOffset: number;
}

/** What writers that cannot seek put in place of a size: GStreamer, SoX, arecord and decoders; ffmpeg and RF64. */
const placeholders = [
  [0x7fff_0000, 0x8000_00ff],
  [0xffff_0000, 0xffff_ffff],
] as const;

export function wavSizes(stored: StoredSizes): WavSizes {
  const { data, dataOffset } = stored;
  const riffEnd = containerEnd(stored);
  const unknown = { dataBytes: undefined, perhapsBytes: undefined, riffEnd, ignoredBytes: undefined };
  const data64 = stored.large || data === 0 || isPlaceholder(data) ? stored.data64 : 0;
  if (data64 > 0) {
    if (!Number.isSafeInteger(data64)) return unknown;
    // Writers leave 0, all ones or the lower half in the old place; any other number is a second opinion.
    if (data === 0 || isPlaceholder(data) || data === data64 % 2 ** 32) return { ...unknown, dataBytes: data64 };
    const fits = (bytes: number) => riffEnd === undefined || dataOffset + bytes <= riffEnd;
    const [dataBytes, ignoredBytes] = fits(data64) || !fits(data) ? [data64, data] : [data, data64];
    return { ...unknown, dataBytes, ignoredBytes };
  }
  if (isPlaceholder(data)) return { ...unknown, perhapsBytes: data };
  // Zero is what stands there before the first update, so it is true only of a file that says where it ends.
  return data === 0 && riffEnd === undefined ? unknown : { ...unknown, dataBytes: data };
}

function containerEnd({ riff, riff64, dataOffset }: StoredSizes): number | undefined {
  const bytes = riff64 > 0 && Number.isSafeInteger(riff64) ? riff64 : riff;
  if (bytes === riff && isPlaceholder(riff)) return undefined;
  // Where it was written with the header, and perhaps miscounted by a chunk's head, nothing can follow.
  return bytes > dataOffset ? bytes + 8 : undefined;
}

function isPlaceholder(size: number): boolean {
  return placeholders.some(([low, high]) => size >= low && size <= high);
}
