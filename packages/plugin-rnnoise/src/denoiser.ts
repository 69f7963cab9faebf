import { voiceError } from '@sluice/core/voice';
import type { RnnoiseModule } from './load-rnnoise.ts';

/** Samples per channel that RNNoise takes and gives at once: 10 ms at 48 kHz. What it gives is the block before. */
export const blockLength = 480;

/** Blocks until nothing is left of what was before: it looks back 36 ms for the pitch of a voice. */
const primingBlocks = 4;

/** RNNoise for interleaved samples: a state for each channel in the shared WebAssembly, until `free()`. */
export class Denoiser {
  readonly channels: number;
  readonly #wasm: RnnoiseModule;
  readonly #scratch: number;
  readonly #states: readonly number[];
  readonly #found: (invalid: number) => void;

  /** @param found is told how many samples RNNoise gave as NaN or infinite: they are silence. */
  constructor(wasm: RnnoiseModule, channels: number, found: (invalid: number) => void) {
    this.channels = channels;
    this.#found = found;
    this.#wasm = wasm;
    this.#scratch = wasm._malloc(4 * blockLength);
    this.#states = Array.from({ length: channels }, () => wasm._rnnoise_create(0));
    if (this.#scratch !== 0 && !this.#states.includes(0)) return;
    this.free();
    throw voiceError('there is no memory for one more stream', {
      model: 'rnnoise',
      category: 'wait',
      fix: 'End streams that are no longer used',
    });
  }

  /** Takes the next block, and gives the one before it, as a fresh array. */
  process(block: Int16Array): Int16Array {
    const output = new Int16Array(block.length);
    for (let channel = 0; channel < this.channels; channel++) {
      const { heap, at } = this.#run(channel, block, false);
      let sum = 0;
      for (let index = 0, to = channel; index < blockLength; index++, to += this.channels) {
        const value = heap[at + index]!;
        sum += value;
        output[to] = clamp(value);
      }
      if (!Number.isFinite(sum)) this.#silence(heap.subarray(at, at + blockLength), output, channel);
    }
    return output;
  }

  /**
   * Makes room for a block that does not follow on what came before: nothing of that will sound in it. The block itself, there
   * and back, stands for what was before it, so that what RNNoise has learned of the noise stays; silence would undo that.
   */
  prime(block: Int16Array): void {
    for (let channel = 0; channel < this.channels; channel++)
      for (let pass = 0; pass < primingBlocks; pass++) this.#run(channel, block, pass % 2 === 1);
  }

  free(): void {
    for (const state of this.#states) if (state !== 0) this.#wasm._rnnoise_destroy(state);
    this.#wasm._free(this.#scratch);
  }

  #silence(values: Float32Array, output: Int16Array, channel: number): void {
    let invalid = 0;
    for (const [index, value] of values.entries()) {
      if (Number.isFinite(value)) continue;
      output[index * this.channels + channel] = 0;
      invalid++;
    }
    if (invalid > 0) this.#found(invalid);
  }

  #run(channel: number, block: Int16Array, reversed: boolean): { heap: Float32Array; at: number } {
    const before = this.#wasm.HEAPF32;
    const at = this.#scratch / 4;
    const last = blockLength - 1;
    for (let index = 0; index < blockLength; index++)
      before[at + index] = block[(reversed ? last - index : index) * this.channels + channel]!;
    this.#wasm._rnnoise_process_frame(this.#states[channel]!, this.#scratch, this.#scratch);
    return { heap: this.#wasm.HEAPF32, at };
  }
}

function clamp(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
