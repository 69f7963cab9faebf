import { expect, test } from 'vitest';
import { blockLength, Denoiser } from './denoiser.ts';
import type { RnnoiseModule } from './load-rnnoise.ts';

test('what RNNoise gives as NaN or infinite is silence, and counted', () => {
  const HEAPF32 = new Float32Array(4 + blockLength);
  let broken = true;
  const wasm = {
    HEAPF32,
    _malloc: () => 16,
    _free: () => {},
    _rnnoise_create: () => 1,
    _rnnoise_destroy: () => {},
    _rnnoise_process_frame: () => {
      if (broken) HEAPF32.set([Number.NaN, Number.POSITIVE_INFINITY, 1e9], 4);
      return 0;
    },
  } as unknown as RnnoiseModule;
  const counted: number[] = [];
  const denoiser = new Denoiser(wasm, 1, (invalid) => counted.push(invalid));
  const block = new Int16Array(blockLength).fill(7);
  expect([...denoiser.process(block).subarray(0, 4)]).toEqual([0, 0, 32_767, 7]);
  broken = false;
  expect([...denoiser.process(block).subarray(0, 4)]).toEqual([7, 7, 7, 7]);
  expect(counted).toEqual([2]);
});
