/** Bytes of a chunk's head: four characters and a size. */
export const chunkHead = 8;

/** As much of the end of a file or stream as is searched for chunks where nobody says how long the audio is, in bytes. */
export const longestTrailer = 64 * 1_024;

/**
 * Bytes of the chunk that begins at `at`, with its head and its padding; undefined if no chunk can begin with these
 * bytes, as far as they go: its name is four printable characters, and none that stands before audio.
 */
export function chunkLength(bytes: Uint8Array, at: number, end = bytes.length): number | undefined {
  if (at + chunkHead > end || bytes[at] === 0x20) return undefined;
  for (let i = at; i < at + 4; i++) if (bytes[i]! < 0x20 || bytes[i]! > 0x7e) return undefined;
  if (leads(bytes, at)) return undefined;
  const size = (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24)) >>> 0;
  return chunkHead + size + (size % 2);
}

/**
 * Where the chunks begin that follow each other to the very end of `bytes`; their length if there are none. What is
 * sound does so by chance once in billions of times, because a size must match to the byte.
 */
export function trailingChunks(bytes: Uint8Array): number {
  const { length } = bytes;
  // One place more: writers forget the padding of the last chunk.
  const reaches = new Uint8Array(length + 2);
  reaches[length] = reaches[length + 1] = 1;
  let first = length;
  for (let at = length - chunkHead; at >= 0; at--) {
    const chunk = chunkLength(bytes, at);
    if (chunk === undefined || at + chunk > length + 1 || reaches[at + chunk] === 0) continue;
    reaches[at] = 1;
    first = at;
  }
  return first;
}

/** `data`, `fmt ` and `RIFF`: sound that is a WAV file itself, because it was given a second header, is no trailer. */
function leads(bytes: Uint8Array, at: number): boolean {
  const name = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return name === 0x64_61_74_61 || name === 0x66_6d_74_20 || name === 0x52_49_46_46;
}
