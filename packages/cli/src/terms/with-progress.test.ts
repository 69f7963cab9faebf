import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withProgress } from './with-progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Work of six seconds of which each tells how far it is. */
async function told(isTTY: boolean, fails = false): Promise<readonly string[]> {
  const written: string[] = [];
  const begun = Date.now();
  const work = new Promise((resolve, reject) => setTimeout(fails ? () => reject(new Error('torn')) : resolve, 6_000));
  const output = { write: (text: string) => written.push(text), isTTY };
  const done = withProgress(output, work, () => `${Date.now() - begun} ms`).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await done).toBe(fails ? 'torn' : undefined);
  return written;
}

describe('withProgress', () => {
  it('is painted over on a terminal, and leaves nothing there', async () => {
    const written = await told(true);
    expect(written.slice(0, 2)).toEqual(['\r\u001b[K0 ms', '\r\u001b[K200 ms']);
    expect(written.at(-1)).toBe('\r\u001b[K');
    expect(written).toHaveLength(31);
    expect((await told(true, true)).at(-1)).toBe('\r\u001b[K');
  });

  it('gives lines off a terminal, and few of them', async () => {
    expect(await told(false)).toEqual(['5000 ms\n']);
  });
});
