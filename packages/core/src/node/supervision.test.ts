import { describe, expect, it } from 'vitest';
import { Supervisor } from './supervision.ts';

describe('Supervisor', () => {
  it('escalates unless told otherwise', () => {
    expect(new Supervisor({}, Math.random).judge(0)).toEqual({ action: 'escalate' });
    expect(new Supervisor({ onError: 'resume' }, Math.random).judge(0)).toEqual({ action: 'resume' });
  });

  it('doubles its pauses up to the longest, half of each at random', () => {
    const options = {
      onError: 'restart',
      restart: { max: 9, withinMs: 60_000, backoffMs: 100, maxBackoffMs: 1_000 },
    } as const;
    const least = new Supervisor(options, () => 0);
    const most = new Supervisor(options, () => 1);
    const delays = (supervisor: Supervisor) =>
      Array.from({ length: 6 }, (_, i) => supervisor.judge(i)).map(
        (verdict) => 'delayMs' in verdict && verdict.delayMs,
      );
    expect(delays(least)).toEqual([50, 100, 200, 400, 500, 500]);
    expect(delays(most)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it('is exhausted after the budget, and whole again when the window has passed', () => {
    const supervisor = new Supervisor({ onError: 'restart', restart: { max: 2, withinMs: 1_000 } }, () => 0);
    expect([0, 10, 20].map((now) => supervisor.judge(now).action)).toEqual(['restart', 'restart', 'exhausted']);
    expect(supervisor.judge(1_005).action).toBe('restart');
  });

  it('refuses nonsense', () => {
    expect(() => new Supervisor({ onError: 'pray' as never }, Math.random)).toThrow(TypeError);
    expect(() => new Supervisor({ restart: { max: 0 } }, Math.random)).toThrow(RangeError);
  });
});
