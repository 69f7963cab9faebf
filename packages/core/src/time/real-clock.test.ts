import { performance } from 'node:perf_hooks';
import { describe, expect, it, vi } from 'vitest';
import { realClock } from './real-clock.ts';

describe('realClock', () => {
  it('is never early, and calls once', async () => {
    const due = realClock.now() + 3;
    let calls = 0;
    const at = await new Promise<number>((resolve) => {
      realClock.at(due, () => {
        calls++;
        resolve(realClock.now());
      });
    });
    expect(at).toBeGreaterThanOrEqual(due);
    expect(calls).toBe(1);
  });

  it('calls soon for a time that has passed, but not at once', async () => {
    let called = false;
    const fired = new Promise<void>((resolve) => {
      realClock.at(realClock.now() - 1000, () => {
        called = true;
        resolve();
      });
    });
    expect(called).toBe(false);
    await fired;
  });

  it('does not call after a cancel', async () => {
    let called = false;
    const cancel = realClock.at(realClock.now(), () => {
      called = true;
    });
    cancel();
    cancel();
    await new Promise<void>((resolve) => void realClock.at(realClock.now() + 2, resolve));
    expect(called).toBe(false);
  });

  it('looks again when the timer fires early, and chains waits beyond what a timer takes', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    try {
      let calls = 0;
      realClock.at(2 ** 32, () => calls++);
      expect(vi.getTimerCount()).toBe(1);
      now.mockReturnValue(2 ** 31 - 1);
      vi.advanceTimersToNextTimer();
      expect([calls, vi.getTimerCount()]).toEqual([0, 1]);
      now.mockReturnValue(2 ** 32 - 0.25);
      vi.advanceTimersToNextTimer();
      expect([calls, vi.getTimerCount()]).toEqual([0, 1]);
      now.mockReturnValue(2 ** 32);
      vi.advanceTimersToNextTimer();
      expect([calls, vi.getTimerCount()]).toEqual([1, 0]);
    } finally {
      now.mockRestore();
      vi.useRealTimers();
    }
  });

  it('refuses a time that is none, and hands tracked work back', async () => {
    expect(() => realClock.at(Number.NaN, () => {})).toThrow(TypeError);
    const work = Promise.resolve(7);
    expect(realClock.track(work)).toBe(work);
  });
});
