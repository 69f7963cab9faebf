/** Shorter pieces are gathered, so that bytes that drip do not become events by the thousand: 10 ms at 24 kHz. */
const LEAST = 240;
/** Longer ones are cut: 200 ms at 24 kHz. */
const MOST = 4_800;

/** Bytes of s16 little-endian samples to samples, wherever the pieces end. */
export class PcmPieces {
  #rest = new Uint8Array(0);

  /** The samples that are whole so far, in pieces of 10 to 200 ms at 24 kHz. */
  *add(bytes: Uint8Array): Generator<Int16Array, void, undefined> {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    let at = 0;
    for (; all.length - at >= LEAST * 2; at += Math.min(MOST * 2, (all.length - at) & ~1))
      yield toSamples(all, at, MOST);
    this.#rest = all.slice(at);
  }

  /** What is left; half a sample is dropped. */
  *end(): Generator<Int16Array, void, undefined> {
    if (this.#rest.length >= 2) yield toSamples(this.#rest, 0, MOST);
    this.#rest = new Uint8Array(0);
  }
}

function toSamples(bytes: Uint8Array, at: number, most: number): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const samples = new Int16Array(Math.min(most, view.byteLength >> 1));
  for (let index = 0; index < samples.length; index++) samples[index] = view.getInt16(index * 2, true);
  return samples;
}
