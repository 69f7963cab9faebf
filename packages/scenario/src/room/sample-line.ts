/** Milliseconds of a block. */
const BLOCK_MS = 1_000;

/** Sound on a timeline, one channel. Silent seconds take no memory: an hour of talk is 115 MB at 16 kHz at most. */
export class SampleLine {
  readonly sampleRate: number;
  readonly #blocks = new Map<number, Int16Array>();
  readonly #blockLength: number;
  #end = 0;

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
    this.#blockLength = (sampleRate * BLOCK_MS) / 1_000;
  }

  /** Samples up to the last that was written. */
  get length(): number {
    return this.#end;
  }

  /** Sets samples from an index on. */
  write(at: number, samples: Int16Array): void {
    this.#end = Math.max(this.#end, at + samples.length);
    if (isSilent(samples)) return;
    for (let done = 0; done < samples.length; ) {
      const block = Math.floor((at + done) / this.#blockLength);
      const offset = at + done - block * this.#blockLength;
      const part = Math.min(samples.length - done, this.#blockLength - offset);
      let memory = this.#blocks.get(block);
      if (memory === undefined) {
        memory = new Int16Array(this.#blockLength);
        this.#blocks.set(block, memory);
      }
      memory.set(samples.subarray(done, done + part), offset);
      done += part;
    }
  }

  /** A copy from one index to another; silence where nothing was written. */
  read(from: number, to: number): Int16Array {
    const samples = new Int16Array(Math.max(0, to - from));
    for (let at = Math.max(0, from); at < to; ) {
      const block = Math.floor(at / this.#blockLength);
      const offset = at - block * this.#blockLength;
      const part = Math.min(to - at, this.#blockLength - offset);
      const memory = this.#blocks.get(block);
      if (memory !== undefined) samples.set(memory.subarray(offset, offset + part), at - from);
      at += part;
    }
    return samples;
  }

  /** A copy between two moments of the line, in milliseconds; all of it by default. */
  between(fromMs = 0, toMs: number = (this.#end * 1_000) / this.sampleRate): Int16Array {
    return this.read(this.#indexOf(fromMs), this.#indexOf(toMs));
  }

  #indexOf(ms: number): number {
    return Math.round((ms * this.sampleRate) / 1_000);
  }
}

/** Whether nothing is to be heard in it. */
export function isSilent(samples: Int16Array): boolean {
  for (let index = 0; index < samples.length; index++) if (samples[index] !== 0) return false;
  return true;
}
