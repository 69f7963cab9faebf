import { toInt16 } from '@sluice/core/kernels';

/**
 * Conversion of stored samples to 16 bits. Each function reads as many whole samples as `bytes` holds, writes them to
 * `out` and returns their count. More bits are rounded, out-of-range floats are clamped, what is NaN or infinite becomes
 * silence.
 */
export type SampleDecoder = (bytes: Uint8Array, out: Int16Array) => number;

export const uint8Samples: SampleDecoder = (bytes, out) => {
  for (let i = 0; i < bytes.length; i++) out[i] = (bytes[i]! - 128) << 8;
  return bytes.length;
};

export const int16Samples: SampleDecoder = (bytes, out) => {
  const count = bytes.length >> 1;
  new Uint8Array(out.buffer, out.byteOffset, count * 2).set(bytes.subarray(0, count * 2));
  return count;
};

export const int24Samples: SampleDecoder = (bytes, out) => {
  const count = Math.floor(bytes.length / 3);
  for (let i = 0, at = 0; i < count; i++, at += 3) {
    const high = (bytes[at + 2]! << 24) >> 16;
    const rounded = (high | bytes[at + 1]!) + (bytes[at]! >> 7);
    out[i] = Math.min(rounded, 32_767);
  }
  return count;
};

export const int32Samples: SampleDecoder = (bytes, out) => {
  const count = bytes.length >> 2;
  for (let i = 0, at = 0; i < count; i++, at += 4) {
    const high = (bytes[at + 3]! << 24) >> 16;
    const rounded = (high | bytes[at + 2]!) + (bytes[at + 1]! >> 7);
    out[i] = Math.min(rounded, 32_767);
  }
  return count;
};

/** Floats of 4 or 8 bytes. `found` is told how many of them were NaN or infinite. */
export function floatSamples(size: 4 | 8, found: (count: number) => void): SampleDecoder {
  return (bytes, out) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const read = (i: number) => (size === 4 ? view.getFloat32(i * 4, true) : view.getFloat64(i * 8, true));
    const count = Math.floor(bytes.length / size);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const value = read(i);
      sum += value;
      out[i] = toInt16(value * 32_768);
    }
    // One look for all of them: whatever is not finite makes the sum so.
    if (Number.isFinite(sum)) return count;
    let invalid = 0;
    for (let i = 0; i < count; i++) {
      if (Number.isFinite(read(i))) continue;
      out[i] = 0;
      invalid++;
    }
    if (invalid > 0) found(invalid);
    return count;
  };
}

/** Samples that are looked up by their byte: A-law and mu-law. */
export function tableSamples(table: Int16Array): SampleDecoder {
  return (bytes, out) => {
    for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i]!]!;
    return bytes.length;
  };
}
