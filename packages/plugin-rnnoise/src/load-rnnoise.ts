import { toError } from '@sluice/core';
import { voiceError } from '@sluice/core/voice';

/** What is used of RNNoise, compiled with Emscripten. Addresses are bytes in its memory. */
export interface RnnoiseModule {
  /** A view of its memory. It is replaced when the memory grows: never keep it. */
  readonly HEAPF32: Float32Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** A state with the model inside (0), at 48 kHz; 0 without memory. */
  _rnnoise_create(model: number): number;
  _rnnoise_destroy(state: number): void;
  /** Takes 480 floats the size of 16-bit samples, gives the 480 before them; returns how likely they are a voice. */
  _rnnoise_process_frame(state: number, out: number, samples: number): number;
}

let loading: Promise<RnnoiseModule> | undefined;
let loaded: RnnoiseModule | undefined;

/** The one instance of this process, if it is there already. */
export function loadedRnnoise(): RnnoiseModule | undefined {
  return loaded;
}

/** The one instance of this process, loaded when it is first asked for. */
export function loadRnnoise(): Promise<RnnoiseModule> {
  loading ??= instantiate().catch((error: unknown) => {
    loading = undefined;
    throw voiceError(`its WebAssembly does not load: ${toError(error).message}`, {
      model: 'rnnoise',
      category: 'give-up',
      fix: 'Install @echogarden/rnnoise-wasm 0.2.0',
      cause: error,
    });
  });
  return loading;
}

async function instantiate(): Promise<RnnoiseModule> {
  const { default: make } = await import('@echogarden/rnnoise-wasm');
  loaded = await make();
  return loaded;
}
