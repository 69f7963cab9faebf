import { expect, it, vi } from 'vitest';
import { fvad } from './fvad.ts';
import { loadFvad } from './load-fvad.ts';

const library = vi.hoisted(() => ({ make: vi.fn() }));
vi.mock('@echogarden/fvad-wasm', () => ({ default: library.make }));

it('says what to install when the library does not load, loads it once, and tries again', async () => {
  library.make.mockRejectedValueOnce(new Error('no such file'));
  const expected = { code: 'SLUICE_VOICE_MODEL', model: 'fvad', category: 'give-up', cause: expect.any(Error) };
  await expect(fvad().prefetch()).rejects.toMatchObject(expected);
  library.make.mockResolvedValue({});
  await fvad().prefetch();
  expect(await loadFvad()).toBe(await loadFvad());
  expect(library.make).toHaveBeenCalledTimes(2);
});
