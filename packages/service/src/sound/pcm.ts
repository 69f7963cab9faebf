// Samples as services have them: 16 bits, low byte first, whatever the machine's own order is.

/** The bytes of samples. Where the machine has the same order they are those of the samples themselves. */
export function pcmBytes(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return IS_LITTLE_ENDIAN ? bytes : Buffer.from(bytes).swap16();
}

/** The samples of bytes; half a sample at the end is left out. */
export function pcmSamples(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes[2 * i]! | (bytes[2 * i + 1]! << 8);
  return samples;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Samples of bytes that come in pieces, which may end within a sample. */
export class PcmReader {
  /** The first byte of a sample whose second one has not come. */
  #half: number | undefined;

  read(bytes: Uint8Array): Int16Array {
    const whole = this.#half === undefined ? bytes : Buffer.concat([Buffer.of(this.#half), bytes]);
    this.#half = whole.length % 2 === 1 ? whole.at(-1) : undefined;
    return pcmSamples(whole);
  }
}
