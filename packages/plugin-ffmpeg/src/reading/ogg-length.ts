import { type FileHandle, open } from 'node:fs/promises';

/** A page is 65,307 bytes at most: the last of a file begins within so many of its end. */
const LAST_BYTES = 65_536;
/** Head of a page, up to its list of segments, which stands before its first packet. */
const HEAD = 27;

/**
 * How long a file of Vorbis in Ogg is, in seconds: to the sample, by the granule position of its last page (RFC 3533, 6; Vorbis I, A.2).
 * ffmpeg, which goes by it too, cuts off up to 128 samples more. Undefined for any other file, and for several streams in one.
 */
export async function oggLength(path: string): Promise<number | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const stat = await file.stat();
    // A pipe or a device has no place to look at.
    return stat.isFile() ? await lengthOf(file, stat.size) : undefined;
  } catch {
    // ffmpeg says better what is wrong with it.
    return undefined;
  } finally {
    await file?.close();
  }
}

async function lengthOf(file: FileHandle, size: number): Promise<number | undefined> {
  const { buffer: begin } = await file.read(Buffer.alloc(HEAD + 1 + 16), 0, HEAD + 1 + 16, 0);
  // The first page has the first header alone: the version, the channels and the rate behind its name.
  if (!isPage(begin, 0) || begin.toString('latin1', HEAD + 1, HEAD + 8) !== '\x01vorbis') return undefined;
  const rate = begin.readUInt32LE(HEAD + 1 + 12);
  const from = Math.max(0, size - LAST_BYTES);
  const { buffer: end } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const last = end.lastIndexOf('OggS');
  if (last < 0 || !isPage(end, last) || end.readUInt32LE(last + 14) !== begin.readUInt32LE(14)) return undefined;
  const samples = end.readBigInt64LE(last + 6);
  // It has to be the end of the stream, and not of what was cut off.
  return (end[last + 5]! & 4) !== 0 && samples > 0n && rate > 0 ? Number(samples) / rate : undefined;
}

function isPage(bytes: Buffer, at: number): boolean {
  return bytes.length >= at + HEAD && bytes.toString('latin1', at, at + 4) === 'OggS';
}
