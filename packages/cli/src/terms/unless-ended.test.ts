import { describe, expect, it } from 'vitest';
import { EndedBy } from './ended-by.ts';
import { unlessEnded } from './unless-ended.ts';

const never = () => new Promise<never>(() => {});

describe('unlessEnded', () => {
  it('gives what the work gives, or why it fails', async () => {
    const { signal } = new AbortController();
    expect(await unlessEnded(Promise.resolve(7), signal)).toBe(7);
    const torn = new Error('torn');
    expect(await unlessEnded(Promise.reject(torn), signal).catch((error: unknown) => error)).toBe(torn);
  });

  it('waits no longer than until it is told to end, before or meanwhile', async () => {
    const abort = new AbortController();
    const waited = unlessEnded(never(), abort.signal).catch((error: unknown) => error);
    const reason = new EndedBy('SIGINT');
    abort.abort(reason);
    expect(await waited).toBe(reason);
    expect(await unlessEnded(never(), abort.signal).catch((error: unknown) => error)).toBe(reason);
    // What fails later is nobody's.
    await expect(unlessEnded(Promise.reject(new Error('late')), abort.signal)).rejects.toBe(reason);
  });
});
