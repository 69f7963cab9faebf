import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GlitchTotals, glitchesSince, glitchRates, noGlitches } from './glitches.ts';

describe('glitchRates', () => {
  it('is 0 when nothing was played', () => {
    expect(glitchRates(noGlitches)).toEqual({ ...noGlitches, gapsPerHour: 0, concealedMsPerHour: 0 });
    expect(glitchRates({ ...noGlitches, gaps: 3 }).gapsPerHour).toBe(0);
  });

  it('is of an hour of playing', () => {
    const half = { gaps: 4, gapMs: 800, concealedMs: 90, playedMs: 1_800_000 };
    expect(glitchRates(half)).toEqual({ ...half, gapsPerHour: 8, concealedMsPerHour: 180 });
  });

  it('takes what played for less than a minute as a minute', () => {
    const rates = (playedMs: number) => glitchRates({ gaps: 1, gapMs: 10, concealedMs: 5, playedMs });
    expect(rates(1_000)).toMatchObject({ gapsPerHour: 60, concealedMsPerHour: 300 });
    expect(rates(60_000).gapsPerHour).toBe(60);
    expect(rates(120_000).gapsPerHour).toBe(30);
  });
});

describe('GlitchTotals', () => {
  it('counts gaps and what was made up as time that played', () => {
    const totals = new GlitchTotals();
    totals.played(1_000);
    totals.gap(200, 30);
    totals.gap(0, 20, 2);
    expect({ ...totals }).toEqual({ gaps: 3, gapMs: 200, concealedMs: 50, playedMs: 1_250 });
  });

  const counts = fc.record({ gaps: fc.nat(), gapMs: fc.nat(), concealedMs: fc.nat(), playedMs: fc.nat() });

  it('gives back what was added', () => {
    fc.assert(
      fc.property(counts, counts, (before, more) => {
        const totals = new GlitchTotals();
        totals.add(before);
        totals.add(more);
        expect(glitchesSince(totals, before)).toEqual(more);
        expect(glitchesSince(noGlitches, totals)).toEqual(noGlitches);
      }),
    );
  });
});
