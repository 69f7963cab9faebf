import { voiceError } from '@sluice/core/voice';
import type { FvadModule } from './load-fvad.ts';

/** Samples of the longest block: 10 ms at 48 kHz. */
const mostSamples = 480;

/** One detector in the shared WebAssembly, with memory of its own, until `free()`. */
export class FvadState {
  readonly #wasm: FvadModule;
  readonly #state: number;
  readonly #samples: number;

  constructor(wasm: FvadModule) {
    this.#wasm = wasm;
    this.#state = wasm._fvad_new();
    this.#samples = this.#state === 0 ? 0 : wasm._malloc(2 * mostSamples);
    if (this.#samples !== 0) return;
    if (this.#state !== 0) wasm._fvad_free(this.#state);
    throw voiceError('there is no memory for one more session', {
      model: 'fvad',
      category: 'wait',
      fix: 'Close sessions that are no longer used',
    });
  }

  /** Forgets all that was heard. */
  start(sampleRate: number, mode: number): void {
    this.#wasm._fvad_reset(this.#state);
    this.#wasm._fvad_set_sample_rate(this.#state, sampleRate);
    this.setMode(mode);
  }

  /** Keeps what was heard. */
  setMode(mode: number): void {
    this.#wasm._fvad_set_mode(this.#state, mode);
  }

  /**
   * Whether 10 ms are voiced. libfvad itself goes on answering yes for a while (60 or 90 ms in modes 2 and 3, 80 or 140 in
   * 0 and 1). What it judged is the first field of its state: 1 for voice, what remains of the while plus 2 after it.
   */
  isVoiced(block: Int16Array): boolean {
    this.#wasm.HEAP16.set(block, this.#samples / 2);
    this.#wasm._fvad_process(this.#state, this.#samples, block.length);
    return this.#wasm.HEAP32[this.#state / 4] === 1;
  }

  free(): void {
    this.#wasm._free(this.#samples);
    this.#wasm._fvad_free(this.#state);
  }
}
