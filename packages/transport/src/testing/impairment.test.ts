import { VirtualClock } from '@sluice/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Impairment, type ImpairmentOptions, type Verdict } from './impairment.ts';

const run = (options: ImpairmentOptions, count: number) => {
  const impairment = new Impairment({ clock: new VirtualClock(), ...options });
  return Array.from({ length: count }, () => impairment.decide(100, 'outgoing'));
};
const lost = (verdicts: Verdict[]) => verdicts.filter(({ status }) => status === 'drop').length;

describe('Impairment', () => {
  it('lets everything pass at once by default', () => {
    expect(run({}, 3)).toEqual(Array(3).fill({ status: 'deliver', due: [0] }));
  });

  it('decides the same for the same seed, in each direction by itself', () => {
    const conditions = { loss: 0.2, jitterMs: 50, duplicate: 0.1, reorder: { chance: 0.1, ms: 30 } };
    expect(run({ seed: 4, ...conditions }, 500)).toEqual(run({ seed: 4, ...conditions }, 500));
    expect(run({ seed: 4, ...conditions }, 500)).not.toEqual(run({ seed: 5, ...conditions }, 500));
    const both = new Impairment({ seed: 4, clock: new VirtualClock(), ...conditions });
    const interleaved = Array.from({ length: 500 }, () => {
      both.decide(100, 'incoming');
      return both.decide(100, 'outgoing');
    });
    expect(interleaved).toEqual(run({ seed: 4, ...conditions }, 500));
  });

  it('loses about the share asked for', () => {
    expect(lost(run({ loss: 0.1 }, 20_000)) / 20_000).toBeCloseTo(0.1, 2);
  });

  it('loses exactly as many of each block, at places that differ', () => {
    const verdicts = run({ exactLoss: { lost: 3, of: 20 } }, 400);
    const blocks = Array.from({ length: 20 }, (_, block) => verdicts.slice(block * 20, block * 20 + 20));
    expect(blocks.map(lost)).toEqual(Array(20).fill(3));
    expect(new Set(blocks.map((block) => block.findIndex(({ status }) => status === 'drop'))).size).toBeGreaterThan(3);
  });

  it('loses in bursts of the mean length and share of the model', () => {
    const verdicts = run({ bursts: { enter: 0.022, leave: 0.2 } }, 100_000);
    const bursts = verdicts.filter(
      ({ status }, index) => status === 'drop' && verdicts[index - 1]?.status === 'deliver',
    ).length;
    expect(lost(verdicts) / 100_000).toBeCloseTo(0.022 / 0.222, 1);
    expect(lost(verdicts) / bursts).toBeGreaterThan(4.5);
    expect(lost(verdicts) / bursts).toBeLessThan(5.5);
  });

  it('jitters in order and within bounds; only those that reorder are overtaken', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(200), fc.nat(50), (seed, jitterMs, delayMs) => {
        const due = run({ seed, jitterMs, delayMs }, 200).map((verdict) =>
          verdict.status === 'deliver' ? verdict.due[0]! : -1,
        );
        expect(due).toEqual([...due].sort((a, b) => a - b));
        expect(Math.min(...due)).toBeGreaterThanOrEqual(delayMs);
        expect(Math.max(...due)).toBeLessThanOrEqual(delayMs + jitterMs);
      }),
      { numRuns: 30 },
    );
    const due = run({ reorder: { chance: 0.1, ms: 30 } }, 1000).map((verdict) =>
      verdict.status === 'deliver' ? verdict.due[0]! : -1,
    );
    expect(new Set(due)).toEqual(new Set([0, 30]));
    expect(due.filter((time) => time === 30).length).toBeGreaterThan(60);
  });

  it('duplicates, cuts, holds and limits the size', () => {
    const impairment = new Impairment({ clock: new VirtualClock(), mtu: 1200, duplicate: 1 });
    expect(impairment.decide(1201, 'outgoing')).toEqual({ status: 'drop', reason: 'mtu' });
    expect(impairment.decide(1200, 'outgoing')).toEqual({ status: 'deliver', due: [0, 0] });
    impairment.setCut(true, 'incoming');
    expect(impairment.decide(10, 'incoming')).toEqual({ status: 'drop', reason: 'cut' });
    expect(impairment.decide(10, 'outgoing').status).toBe('deliver');
    impairment.setCut(false);
    const released: string[] = [];
    const cancel = impairment.onRelease((direction) => released.push(direction));
    impairment.setHeld(true);
    expect(impairment.decide(10, 'incoming').status).toBe('hold');
    impairment.setHeld(false);
    cancel();
    impairment.setHeld(false);
    expect(released).toEqual(['outgoing', 'incoming']);
  });

  it('carries what its rate says, one packet behind the other, and drops what had to wait too long', async () => {
    const clock = new VirtualClock();
    const impairment = new Impairment({ clock, bitsPerSecond: 80_000, queueMs: 50, delayMs: 5 });
    // With its headers a packet is 100 bytes: 10 ms.
    const send = () => impairment.decide(72, 'outgoing');
    const dues = Array.from({ length: 8 }, send);
    expect(dues.slice(0, 6)).toEqual([15, 25, 35, 45, 55, 65].map((due) => ({ status: 'deliver', due: [due] })));
    expect(dues.slice(6)).toEqual(Array(2).fill({ status: 'drop', reason: 'queue' }));
    expect(impairment.decide(72, 'incoming')).toEqual({ status: 'deliver', due: [15] });
    await clock.advance(20);
    expect(send()).toEqual({ status: 'deliver', due: [75] });
    // As much as it carries in a second, however much is sent.
    let carried = 0;
    for (let ms = 0; ms < 1_000; ms++) {
      await clock.advance(1);
      if (send().status === 'deliver') carried++;
    }
    expect(carried).toBeGreaterThanOrEqual(99);
    expect(carried).toBeLessThanOrEqual(101);
    impairment.set({});
    await clock.advance(1_000);
    expect(send()).toEqual({ status: 'deliver', due: [clock.now()] });
  });

  it('changes its conditions for one direction', () => {
    const impairment = new Impairment({ clock: new VirtualClock() });
    impairment.set({ loss: 1 }, 'incoming');
    expect(impairment.decide(10, 'incoming').status).toBe('drop');
    expect(impairment.decide(10, 'outgoing').status).toBe('deliver');
    impairment.set({});
    expect(impairment.decide(10, 'incoming').status).toBe('deliver');
  });

  it.each<[object]>([
    [{ loss: 1.1 }],
    [{ duplicate: -1 }],
    [{ bursts: { enter: 2, leave: 0 } }],
    [{ delayMs: -1 }],
    [{ jitterMs: Number.NaN }],
    [{ exactLoss: { lost: 5, of: 4 } }],
    [{ reorder: { chance: 0.1, ms: -1 } }],
    [{ bitsPerSecond: 0 }],
    [{ queueMs: -1 }],
  ])('refuses %j', (conditions) => {
    expect(() => new Impairment(conditions)).toThrow(RangeError);
  });
});
