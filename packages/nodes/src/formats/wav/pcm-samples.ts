/**
 * Conversion of stored samples to 16 bits. Each function reads as many whole samples as `bytes` holds, writes them to
 * `out` and returns their count. More bits are rounded, out-of-range floats are clamped, NaN becomes silence.
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

export const float32Samples: SampleDecoder = (bytes, out) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >> 2;
  for (let i = 0; i < count; i++) out[i] = toInt16(view.getFloat32(i * 4, true));
  return count;
};

export const float64Samples: SampleDecoder = (bytes, out) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >> 3;
  for (let i = 0; i < count; i++) out[i] = toInt16(view.getFloat64(i * 8, true));
  return count;
};

/** Samples that are looked up by their byte: A-law and mu-law. */
export function tableSamples(table: Int16Array): SampleDecoder {
  return (bytes, out) => {
    for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i]!]!;
    return bytes.length;
  };
}

function toInt16(value: number): number {
  // NaN stays NaN all the way, and is stored as 0.
  return Math.max(Math.min(Math.round(value * 32_768), 32_767), -32_768);
}
