import { crc32, deflateSync } from 'node:zlib';

/** One part of a PNG file: its length, its name, its bytes and their checksum. */
export function pngChunk(name: string, bytes: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + bytes.length);
  chunk.writeUInt32BE(bytes.length, 0);
  chunk.write(name, 4, 'latin1');
  chunk.set(bytes, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + bytes.length)), 8 + bytes.length);
  return chunk;
}

export interface PngFileOptions {
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  /** The samples of each pixel, of `depth` bits: grey, grey and alpha, RGB or RGBA. */
  readonly pixel: readonly number[];
  /** Chunks between the header and the pixels. */
  readonly chunks?: readonly Buffer[];
  /** And behind the pixels. */
  readonly after?: readonly Buffer[];
}

const colorTypes = [0, 0, 4, 2, 6];

/** A PNG file of one colour, as no encoder at hand writes it: 16 bits with any profile, an animation. */
export function pngFile({ width, height, depth, pixel, chunks = [], after = [] }: PngFileOptions): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colorTypes[pixel.length]!], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IDAT', pngPixels(width, height, depth, pixel)),
    ...after,
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The compressed rows of a picture of one colour. */
export function pngPixels(width: number, height: number, depth: 8 | 16, pixel: readonly number[]): Buffer {
  const bytes = pixel.flatMap((sample) => (depth === 8 ? [sample] : [sample >> 8, sample & 255]));
  const row = [0, ...Array.from({ length: width }, () => bytes).flat()];
  return deflateSync(Buffer.from(Array.from({ length: height }, () => row).flat()));
}

export function pngProfile(icc: Uint8Array): Buffer {
  return pngChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(icc)]));
}
