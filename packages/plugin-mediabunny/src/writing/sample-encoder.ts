import { encodeG711 } from '@sluice/core/kernels';
import type { AudioCodec } from 'mediabunny';
import type { ContainerEncoding } from './container-format.ts';

/** How samples become bytes. */
export interface SampleEncoder {
  /** The library's name of it. */
  readonly codec: AudioCodec;
  /** Bytes of one sample of one channel. */
  readonly bytes: number;
  /** The bytes are fresh. */
  encode(samples: Int16Array): Uint8Array;
}

/** Encoders by their names. */
export const sampleEncoders: Readonly<Record<ContainerEncoding, SampleEncoder>> = {
  s16: { codec: 'pcm-s16', bytes: 2, encode: integers },
  f32: { codec: 'pcm-f32', bytes: 4, encode: floats },
  'mu-law': { codec: 'ulaw', bytes: 1, encode: (samples) => encodeG711(samples, 'mu') },
  'a-law': { codec: 'alaw', bytes: 1, encode: (samples) => encodeG711(samples, 'a') },
};

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function integers(samples: Int16Array): Uint8Array {
  const bytes = Buffer.from(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  return IS_LITTLE_ENDIAN ? bytes : bytes.swap16();
}

function floats(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < samples.length; i++) view.setFloat32(i * 4, samples[i]! / 32_768, true);
  return bytes;
}
