import { describe, expect, it } from 'vitest';
import { MetricsTally } from './agent-metrics.ts';

describe('MetricsTally', () => {
  it('begins with nothing, and knows no glitches of a device that does not tell', () => {
    const { metrics } = new MetricsTally(() => undefined);
    expect(metrics).toMatchObject({ turns: 0, wordsSaid: 0, glitches: undefined });
    expect(metrics.latencyMs).toEqual({ count: 0, mean: 0, p50: 0, p95: 0, max: 0 });
  });

  it('counts an interruption by a person, not one on request, and the silence of each', () => {
    const tally = new MetricsTally(() => 3);
    tally.take({ type: 'interrupted', atMs: 0 });
    tally.take({ type: 'speech', speaker: 'ada', speaking: true, over: ['agent'], atMs: 100 });
    tally.take({ type: 'paused', atMs: 120, by: 'ada' });
    tally.take({ type: 'silent', atMs: 140, by: 'ada' });
    tally.take({ type: 'interrupted', atMs: 500, by: 'ada' });
    tally.take({ type: 'silent', atMs: 900, by: 'somebody' });
    expect(tally.metrics).toMatchObject({ bargeIns: 1, falseAlarms: 0, glitches: 3 });
    expect(tally.metrics.timeToSilenceMs).toMatchObject({ count: 1, mean: 40, max: 40 });
  });

  it('sums the parts of the latency to the whole, and leaves out what nobody heard', () => {
    const tally = new MetricsTally(() => 0);
    const trace = { id: 1, finalTextMs: 0, interrupted: false, heardText: '' };
    tally.take({ type: 'trace', trace: { ...trace, voicedEndMs: 0, decidedMs: 500 } });
    for (const more of [0, 300])
      tally.take({
        type: 'trace',
        trace: {
          ...trace,
          voicedEndMs: 0,
          decidedMs: 500,
          firstTokenMs: 700 + more,
          firstSentenceMs: 750 + more,
          firstByteMs: 850 + more,
          firstAudibleMs: 900 + more,
        },
      });
    const { latencyMs, latencyByPart } = tally.metrics;
    expect(latencyMs).toMatchObject({ count: 2, mean: 1_050 });
    expect(Object.values(latencyByPart).reduce((sum, { mean }) => sum + mean, 0)).toBeCloseTo(1_050);
    expect(latencyByPart.model.mean).toBe(350);
  });

  it('tells swaps from fallbacks, and both from coming back', () => {
    const tally = new MetricsTally(() => 0);
    for (const reason of ['asked', 'fault', 'fault', 'recovered'] as const)
      tally.take({ type: 'switched', change: { kind: 'synthesizer', from: 'a', to: 'b', reason, atMs: 0 } });
    expect(tally.metrics).toMatchObject({ swaps: 1, fallbacks: 2 });
  });
});
