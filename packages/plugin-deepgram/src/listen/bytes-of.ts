/** Samples as `linear16` has them: low byte first. The bytes are those of the samples. */
export function bytesOf(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap16();
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
