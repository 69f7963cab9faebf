import { toError } from '@sluice/core';
import { voiceError } from '@sluice/core/voice';
import type { VadJudge } from './vad-judge.ts';

/** What libfvad takes, in Hz. */
export const fvadRates: readonly number[] = [8_000, 16_000, 32_000, 48_000];

/** What is used of libfvad, compiled with Emscripten. Addresses are bytes in its memory. */
interface FvadModule {
  /** A view of its memory. It is replaced when that grows: never keep one. */
  readonly HEAP16: Int16Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _fvad_new(): number;
  _fvad_free(state: number): void;
  /** Forgets all that was heard, the mode and the rate. */
  _fvad_reset(state: number): void;
  _fvad_set_mode(state: number, mode: number): number;
  _fvad_set_sample_rate(state: number, hertz: number): number;
  /** 1 for voice, 0 for none. */
  _fvad_process(state: number, samples: number, length: number): number;
}

interface Memory {
  readonly wasm: FvadModule;
  /** One detector for each mode, the mildest first. */
  readonly states: readonly number[];
  readonly block: number;
}

const modes = [0, 1, 2, 3];
/** Named in a variable: the package has no declarations, and is loaded only when somebody asks. */
const packageName: string = '@echogarden/fvad-wasm';

let loading: Promise<FvadModule> | undefined;
const forgotten = new FinalizationRegistry<Memory>(free);

/** How many of libfvad's modes take a block for voice. */
export class FvadJudge implements VadJudge {
  readonly #sampleRate: number;
  #memory: Memory | undefined;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  async judge(block: Int16Array, anew: boolean): Promise<number> {
    const fresh = this.#memory === undefined;
    this.#memory ??= this.#allocate(await loadFvad(), block.length);
    const { wasm, states, block: address } = this.#memory;
    if (fresh || anew) this.#reset(this.#memory);
    wasm.HEAP16.set(block, address / 2);
    let voiced = 0;
    for (const state of states) if (wasm._fvad_process(state, address, block.length) === 1) voiced++;
    return voiced / states.length;
  }

  close(): void {
    if (this.#memory === undefined) return;
    forgotten.unregister(this);
    free(this.#memory);
    this.#memory = undefined;
  }

  #allocate(wasm: FvadModule, length: number): Memory {
    const memory = { wasm, states: modes.map(() => wasm._fvad_new()), block: wasm._malloc(2 * length) };
    if (memory.block === 0 || memory.states.includes(0)) {
      free(memory);
      throw fault('there is no memory for one more detector', 'Close those that are no longer used');
    }
    forgotten.register(this, memory, this);
    return memory;
  }

  #reset({ wasm, states }: Memory): void {
    for (const [mode, state] of states.entries()) {
      wasm._fvad_reset(state);
      wasm._fvad_set_sample_rate(state, this.#sampleRate);
      wasm._fvad_set_mode(state, mode);
    }
  }
}

function free({ wasm, states, block }: Memory): void {
  for (const state of states) if (state !== 0) wasm._fvad_free(state);
  if (block !== 0) wasm._free(block);
}

/** The one instance of this process, loaded when it is first asked for. */
function loadFvad(): Promise<FvadModule> {
  loading ??= instantiate().catch((error: unknown) => {
    loading = undefined;
    throw fault(`its WebAssembly does not load: ${toError(error).message}`, `Install ${packageName} 0.2.0`, error);
  });
  return loading;
}

async function instantiate(): Promise<FvadModule> {
  const { default: make }: { readonly default: () => Promise<FvadModule> } = await import(packageName);
  return make();
}

function fault(what: string, fix: string, cause?: unknown): Error {
  return voiceError(what, { model: 'native VAD', category: 'give-up', fix, cause });
}
