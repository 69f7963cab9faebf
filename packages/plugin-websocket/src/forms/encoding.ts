import { invalidArgument } from '@sluice/core';
import { decodeG711, encodeG711 } from '@sluice/core/kernels';

/** The encodings that `rawForm` and `jsonForm` have. */
export const mediaEncodings = ['s16le', 'mu-law', 'a-law'] as const;
/** How samples are bytes: 16 bits with the low byte first, or 8 bits of ITU-T G.711. */
export type MediaEncoding = (typeof mediaEncodings)[number];

export interface SampleCodec {
  /** Of one sample of one channel. */
  readonly bytes: number;
  encode(samples: Int16Array): Uint8Array;
  /** Takes whole samples. */
  decode(bytes: Uint8Array): Int16Array;
}

const codecs: Readonly<Record<MediaEncoding, SampleCodec>> = {
  s16le: { bytes: 2, encode: littleEndian, decode: fromLittleEndian },
  'mu-law': { bytes: 1, encode: (samples) => encodeG711(samples, 'mu'), decode: (bytes) => decodeG711(bytes, 'mu') },
  'a-law': { bytes: 1, encode: (samples) => encodeG711(samples, 'a'), decode: (bytes) => decodeG711(bytes, 'a') },
};

/** @throws TypeError for an encoding that is none */
export function codecOf(name: string, encoding: MediaEncoding): SampleCodec {
  if (!mediaEncodings.includes(encoding))
    throw invalidArgument(`${name}.encoding`, `one of ${mediaEncodings.join(', ')}`, encoding);
  return codecs[encoding];
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A copy: a socket may send it later. */
function littleEndian(samples: Int16Array): Uint8Array {
  const bytes = Buffer.from(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  return IS_LITTLE_ENDIAN ? bytes : bytes.swap16();
}

function fromLittleEndian(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes[2 * i]! | (bytes[2 * i + 1]! << 8);
  return samples;
}
