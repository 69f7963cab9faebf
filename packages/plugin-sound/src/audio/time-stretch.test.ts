import { type AudioFrame, micros, withContext } from '@sluice/core';
import { ActorDouble, measureTone, rms, testTone } from '@sluice/core/testing';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { framesOf, joined, passed, speechLike } from '../../test/signals.ts';
import { timeStretch } from './time-stretch.ts';

const rate = 16_000;
const rates = [0.5, 0.75, 0.93, 1.1, 1.5, 2];

function running(operator: ReturnType<typeof timeStretch>) {
  const actor = new ActorDouble();
  const source = new Subject<AudioFrame>();
  const seen: AudioFrame[] = [];
  withContext(actor, () => source.pipe(operator).subscribe((frame) => seen.push(frame)));
  return { actor, source, seen };
}

describe('timeStretch', () => {
  it('gives the same samples for frames of any size, n / rate of n, in mono and stereo', () => {
    const samples = speechLike(rate, 1.2).subarray(0, 19_198);
    for (const channels of [1, 2])
      for (const tempo of [0.6, 1.7]) {
        const whole = passed(timeStretch({ rate: tempo }), samples, rate, channels, [samples.length]);
        expect(whole.length / channels).toBe(Math.round(samples.length / channels / tempo));
        fc.assert(
          fc.property(fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 5 }), (sizes) => {
            expect(passed(timeStretch({ rate: tempo }), samples, rate, channels, sizes)).toEqual(whole);
          }),
          { numRuns: 4 },
        );
      }
  });

  it('leaves every sample as it is at rate 1', () => {
    const samples = speechLike(rate, 1);
    expect(passed(timeStretch(), samples, rate)).toEqual(samples);
  });

  it.each(rates)('keeps the pitch of tones at rate %d', (tempo) => {
    for (const frequency of [110, 1_000, 3_217]) {
      const tone = testTone({ sampleRate: 48_000, frequency, durationMs: 1_200 });
      const output = passed(timeStretch({ rate: tempo }), tone, 48_000).subarray(4_800, 24_000);
      const { frequency: heard } = measureTone(output, 48_000, frequency);
      expect(Math.abs(heard / frequency - 1), `${frequency} Hz`).toBeLessThan(0.003);
      const short = measureTone(output.subarray(0, 4_800), 48_000, frequency);
      expect(short.snr, `${frequency} Hz`).toBeGreaterThan(15);
      expect(rms(output) / rms(tone)).toBeCloseTo(1, 1);
    }
  });

  it.each(rates)('keeps what is said in its order and time at rate %d', (tempo) => {
    // Bursts at known times: where their energy begins in what leaves.
    const samples = new Int16Array(4 * rate);
    const burst = testTone({ sampleRate: rate, frequency: 500, durationMs: 200 });
    for (const at of [0.5, 1.3, 2.6]) samples.set(burst, at * rate);
    const output = passed(timeStretch({ rate: tempo }), samples, rate);
    const starts = [...output.keys()].filter(
      (at) => Math.abs(output[at]!) > 2_000 && rms(output.subarray(Math.max(0, at - 800), at)) < 300,
    );
    const begun = starts.filter((at, index) => index === 0 || at - starts[index - 1]! > 800);
    expect(begun).toHaveLength(3);
    for (const [index, at] of [0.5, 1.3, 2.6].entries())
      expect(Math.abs(begun[index]! / rate - at / tempo)).toBeLessThan(0.011 / tempo + 0.011);
  });

  it('changes its rate while it runs, without a click', () => {
    const operator = timeStretch();
    const { actor, source, seen } = running(operator);
    const tone = testTone({ sampleRate: rate, frequency: 200, durationMs: 3_000, amplitude: 8_000 });
    for (const [index, frame] of framesOf(tone, rate, [320]).entries()) {
      if (index === 50) operator.setRate(2);
      if (index === 100) expect(actor.control({ type: 'set-rate', rate: 0.5 })).toBe(true);
      source.next(frame);
    }
    source.complete();
    expect(operator.rate).toBe(0.5);
    expect(actor.control({ type: 'set-speed', rate: 2 })).toBe(false);
    const output = joined(seen);
    // A second at each rate: 1, 0.5 and 2 seconds, up to the 30 ms that were held when it changed.
    expect(Math.abs(output.length / rate - 3.5)).toBeLessThan(0.06);
    const steps = output.slice(1).map((sample, index) => Math.abs(sample - output[index]!));
    expect(Math.max(...steps)).toBeLessThan(1.3 * 8_000 * 2 * Math.sin((Math.PI * 200) / rate));
  });

  it('stretches missing time and gaps as it does sound', () => {
    const { source, seen } = running(timeStretch({ rate: 0.5 }));
    const frames = framesOf(speechLike(rate, 0.2), rate, [320]);
    for (const [index, frame] of frames.entries()) {
      const gap = index === 5 ? ({ duration: micros(40_000), reason: 'overflow' } as const) : undefined;
      source.next(frame.move({ timestamp: micros(1_000_000 + index * 20_000 + (index >= 5 ? 40_000 : 0)), gap }));
    }
    source.complete();
    expect(joined(seen)).toHaveLength(6_400);
    expect(seen[0]!.timestamp).toBe(1_000_000);
    const [marked, ...others] = seen.filter(({ gap }) => gap !== undefined);
    expect(others).toHaveLength(0);
    expect(marked).toMatchObject({ timestamp: 1_280_000, gap: { duration: 80_000, reason: 'overflow' } });
    expect(seen.at(-1)!.timestamp + seen.at(-1)!.duration).toBe(1_480_000);
  });

  it('drops what it keeps on an interruption, and tells how much', () => {
    const { actor, source, seen } = running(timeStretch({ rate: 2 }));
    for (const frame of framesOf(speechLike(rate, 0.2), rate, [320])) source.next(frame);
    const left = joined(seen).length;
    expect(actor.interrupt().dropped).toBe(((1_600 - left) / rate) * 1e6);
    source.complete();
    expect(joined(seen)).toHaveLength(left);
  });

  it('refuses rates at once', () => {
    expect(() => timeStretch({ rate: 0.4 })).toThrow(RangeError);
    expect(() => timeStretch().setRate('fast' as never)).toThrow(TypeError);
    // @ts-expect-error misspelt
    expect(() => timeStretch({ rat: 1 })).toThrow(/did you mean rate/);
  });
});
