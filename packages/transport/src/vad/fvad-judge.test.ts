import { expect, test, vi } from 'vitest';
import { FvadJudge } from './fvad-judge.ts';

const library = vi.hoisted(() => ({ make: (): Promise<never> => Promise.reject(new Error('no WebAssembly here')) }));
vi.mock('@echogarden/fvad-wasm', () => ({ default: library.make }));

test('a WebAssembly that does not load is said at the first question, and tried again at the next', async () => {
  const judge = new FvadJudge(16_000);
  for (let time = 0; time < 2; time++)
    await expect(judge.judge(new Int16Array(160), false)).rejects.toThrow(
      expect.objectContaining({
        code: 'SLUICE_VOICE_MODEL',
        message: expect.stringMatching(/no WebAssembly here.*Install @echogarden\/fvad-wasm 0\.2\.0/s),
      }),
    );
  judge.close();
});
