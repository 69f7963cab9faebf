// What is in a container as samples of 16 bits: which tracks there are, what they are coded in, where each sample belongs. No
// file, no stream and no frame.

import { aLaw, muLaw, toInt16 } from '@sluice/core/kernels';

/**
 * Reads as many whole samples as `bytes` holds into `out`, and returns their count. More bits are rounded, floats out of range
 * clamped; what is NaN or infinite becomes silence.
 */
export type SampleDecoder = (bytes: Uint8Array, out: Int16Array) => number;

/** A coding that is read here, without a decoder of somebody else. */
export interface SampleCoding {
  /** Bytes of one sample of one channel. */
  readonly bytes: number;
  /** @param found is told how many floats were NaN or infinite */
  decoder(found: (count: number) => void): SampleDecoder;
}

/** Codings by the library's names. */
const codings: Readonly<Record<string, SampleCoding>> = {
  'pcm-u8': plain(1, (bytes, out) => table(bytes, out, (value) => (value - 128) << 8)),
  'pcm-s8': plain(1, (bytes, out) => table(bytes, out, (value) => (value << 24) >> 16)),
  'pcm-s16': plain(2, int16(false)),
  'pcm-s16be': plain(2, int16(true)),
  'pcm-s24': plain(3, upperBytes(3, false)),
  'pcm-s24be': plain(3, upperBytes(3, true)),
  'pcm-s32': plain(4, upperBytes(4, false)),
  'pcm-s32be': plain(4, upperBytes(4, true)),
  'pcm-f32': { bytes: 4, decoder: (found) => floats(4, true, found) },
  'pcm-f32be': { bytes: 4, decoder: (found) => floats(4, false, found) },
  'pcm-f64': { bytes: 8, decoder: (found) => floats(8, true, found) },
  'pcm-f64be': { bytes: 8, decoder: (found) => floats(8, false, found) },
  ulaw: plain(1, (bytes, out) => table(bytes, out, (value) => muLaw[value]!)),
  alaw: plain(1, (bytes, out) => table(bytes, out, (value) => aLaw[value]!)),
};

/** Undefined for what is compressed. */
export function codingOf(codec: string): SampleCoding | undefined {
  return Object.hasOwn(codings, codec) ? codings[codec] : undefined;
}

function plain(bytes: number, decode: SampleDecoder): SampleCoding {
  return { bytes, decoder: () => decode };
}

function table(bytes: Uint8Array, out: Int16Array, sample: (value: number) => number): number {
  for (let i = 0; i < bytes.length; i++) out[i] = sample(bytes[i]!);
  return bytes.length;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function int16(bigEndian: boolean): SampleDecoder {
  return (bytes, out) => {
    const length = bytes.length & ~1;
    const target = Buffer.from(out.buffer, out.byteOffset, length);
    target.set(bytes.subarray(0, length));
    if (bigEndian === IS_LITTLE_ENDIAN) target.swap16();
    return length >> 1;
  };
}

/** Integers of 3 or 4 bytes: the upper two, rounded by the third. */
function upperBytes(size: number, bigEndian: boolean): SampleDecoder {
  const [high, low, next] = bigEndian ? [0, 1, 2] : [size - 1, size - 2, size - 3];
  return (bytes, out) => {
    const count = Math.floor(bytes.length / size);
    for (let i = 0, at = 0; i < count; i++, at += size) {
      const upper = ((bytes[at + high!]! << 24) >> 16) | bytes[at + low!]!;
      out[i] = Math.min(upper + (bytes[at + next!]! >> 7), 32_767);
    }
    return count;
  };
}

function floats(size: 4 | 8, littleEndian: boolean, found: (count: number) => void): SampleDecoder {
  return (bytes, out) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = Math.floor(bytes.length / size);
    let invalid = 0;
    for (let i = 0; i < count; i++) {
      const value = size === 4 ? view.getFloat32(i * 4, littleEndian) : view.getFloat64(i * 8, littleEndian);
      if (Number.isFinite(value)) out[i] = toInt16(value * 32_768);
      else {
        out[i] = 0;
        invalid++;
      }
    }
    if (invalid > 0) found(invalid);
    return count;
  };
}
