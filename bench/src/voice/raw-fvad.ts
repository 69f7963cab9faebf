import instantiate from '@echogarden/fvad-wasm';
import type { Told } from './judge.ts';
import { BLOCK, RATE } from './rate.ts';

/** What the plugin has by default, too: takes least else for voice. */
const MODE = 3;

/** libfvad as it is, one decision for each 10 ms, its own hang-over included. */
export async function rawFvad(): Promise<(samples: Int16Array) => Told[]> {
  const wasm = await instantiate();
  const state = wasm._fvad_new();
  const memory = wasm._malloc(2 * BLOCK);
  return (samples) => {
    wasm._fvad_reset(state);
    wasm._fvad_set_sample_rate(state, RATE);
    wasm._fvad_set_mode(state, MODE);
    const told: Told[] = [];
    let voiced = false;
    for (let block = 0; (block + 1) * BLOCK <= samples.length; block++) {
      wasm.HEAP16.set(samples.subarray(block * BLOCK, (block + 1) * BLOCK), memory / 2);
      const decision = wasm._fvad_process(state, memory, BLOCK) === 1;
      if (decision === voiced) continue;
      voiced = decision;
      told.push({ voiced, at: block, toldAt: block + 1 });
    }
    return told;
  };
}
