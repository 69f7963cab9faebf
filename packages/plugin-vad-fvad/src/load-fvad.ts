import { toError } from '@sluice/core';
import { voiceError } from '@sluice/core/voice';

/** What is used of libfvad, compiled with Emscripten. Addresses are bytes in its memory. */
export interface FvadModule {
  /** Views of its memory. They are replaced when it grows: never keep one. */
  readonly HEAP16: Int16Array;
  readonly HEAP32: Int32Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** A state, in mode 0 and at 8 kHz; 0 without memory. */
  _fvad_new(): number;
  _fvad_free(state: number): void;
  /** Forgets all that was heard, the mode and the rate. */
  _fvad_reset(state: number): void;
  _fvad_set_mode(state: number, mode: number): number;
  _fvad_set_sample_rate(state: number, hertz: number): number;
  /** 1 for voice, 0 for none, -1 for a length that it does not take. */
  _fvad_process(state: number, samples: number, length: number): number;
}

let loading: Promise<FvadModule> | undefined;

/** The one instance of this process, loaded when it is first asked for. */
export function loadFvad(): Promise<FvadModule> {
  loading ??= instantiate().catch((error: unknown) => {
    loading = undefined;
    throw voiceError(`its WebAssembly does not load: ${toError(error).message}`, {
      model: 'fvad',
      category: 'give-up',
      fix: 'Install @echogarden/fvad-wasm 0.2.0',
      cause: error,
    });
  });
  return loading;
}

async function instantiate(): Promise<FvadModule> {
  const { default: make } = await import('@echogarden/fvad-wasm');
  return make();
}
