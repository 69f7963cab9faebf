import { type AudioFrame, type Micros, NODE, type OperatorSpec, samplesToMicros, withContext } from '@sluice/core';
import { expectTone, testTone } from '@sluice/core/testing';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frameAt, frames, joined, sine } from '../../test/ramp-frames.ts';
import { TestContext } from '../../test/test-context.ts';
import { type ResampleOptions, resample } from './resample.ts';

const scaled = (sampleRate: number) => ({
  produces: (input: { channels: number }) => ({ channels: input.channels, sampleRate }),
  outputLength: (length: number, format: { sampleRate: number }) =>
    Math.round((length * sampleRate) / format.sampleRate),
});

operatorChecklist('resample up', { make: () => resample({ sampleRate: 48_000 }), ...scaled(48_000) });
operatorChecklist('resample down', { make: () => resample({ sampleRate: 8_000, quality: 'fast' }), ...scaled(8_000) });
operatorChecklist('resample to the same', { make: () => resample({ sampleRate: 16_000 }), ...scaled(16_000) });
operatorChecklist('resample stereo', {
  make: () => resample({ sampleRate: 44_100 }),
  format: { sampleRate: 48_000, channels: 2 },
  otherFormat: { sampleRate: 44_100, channels: 1 },
  ...scaled(44_100),
});

function run(list: readonly AudioFrame[], options: ResampleOptions): AudioFrame[] {
  const seen: AudioFrame[] = [];
  from(list)
    .pipe(resample(options))
    .subscribe((frame) => seen.push(frame));
  return seen;
}

const specOf = (operator: object) => (operator as { readonly [NODE]?: OperatorSpec })[NODE];

describe('resample', () => {
  it('keeps a tone whole across frames of any length', () => {
    const lengths = [320, 1, 7, 160, 500, 333];
    let start = 0;
    const list = Array.from({ length: 120 }, (_, index) => {
      const length = lengths[index % lengths.length]!;
      start += length;
      return frameAt(start - length, length, sine(1000, 20_000));
    });
    const seen = run(list, { sampleRate: 48_000 });
    const samples = joined(seen);
    expect(samples).toHaveLength(start * 3);
    expectTone(samples.subarray(480, -480), { sampleRate: 48_000, frequency: 1000, minSnr: 90 });
    const expected = testTone({ sampleRate: 48_000, frequency: 1000, durationMs: start / 16, amplitude: 20_000 });
    for (let i = 480; i < samples.length - 480; i++)
      expect(Math.abs(samples[i]! - expected[i]!)).toBeLessThanOrEqual(3);
  });

  it('passes frames that have the rate untouched', () => {
    const list = frames(3);
    expect(run(list, { sampleRate: 16_000 })).toEqual(list);
  });

  it('starts anew after a gap, at its right place in time', () => {
    const list = frames(10, 320, sine(1000));
    list[5] = frameAt(5 * 320 + 1600, 320, sine(1000), { gap: { duration: 100_000 as Micros, reason: 'overflow' } });
    const seen = run(list.slice(0, 6), { sampleRate: 48_000 });
    const marked = seen.findIndex((frame) => frame.gap !== undefined);
    expect(seen[marked]?.gap).toEqual({ duration: 100_000, reason: 'overflow' });
    expect(seen[marked]?.timestamp).toBe(200_000);
    expect(joined(seen.slice(0, marked))).toHaveLength(5 * 960);
    expect(joined(seen.slice(marked))).toHaveLength(960);
  });

  it('carries a gap over a stretch too short to leave a sample', () => {
    const gap = (duration: number) => ({ duration: duration as Micros, reason: 'source' as const });
    const list = [frameAt(0, 1, undefined, { gap: gap(1_000) }), frameAt(320, 1600, undefined, { gap: gap(20_000) })];
    const seen = run(list, { sampleRate: 1_000, quality: 'fast' });
    expect(seen[0]?.gap?.duration).toBe(21_000);
    expect(joined(seen)).toHaveLength(100);
  });

  it('counts timestamps from samples, and follows the input where it strays', () => {
    const list = frames(20, 441, undefined, { sampleRate: 44_100 });
    const jittered = list.map((frame, i) => frame.move({ timestamp: (frame.timestamp + (i % 2) * 300) as Micros }));
    let index = 0;
    for (const frame of run(jittered, { sampleRate: 48_000 })) {
      expect(frame.timestamp).toBe(samplesToMicros(index, 48_000));
      index += frame.length;
    }
    const late = frames(10, 320).map((frame, i) =>
      i < 5 ? frame : frame.move({ timestamp: (frame.timestamp + 50_000) as Micros }),
    );
    const seen = run(late, { sampleRate: 48_000 });
    expect(joined(seen)).toHaveLength(10 * 960);
    const last = seen.at(-1)!;
    expect(last.timestamp + last.duration).toBe(250_000);
  });

  it('drops what belongs to an older epoch and says how much', () => {
    const context = new TestContext();
    const source = new Subject<AudioFrame>();
    const seen: AudioFrame[] = [];
    withContext(context, () => source.pipe(resample({ sampleRate: 48_000 })).subscribe((frame) => seen.push(frame)));
    source.next(frameAt(0, 320, () => 30_000));
    context.interrupt();
    expect(context.droppedMicros).toBe(2_500);
    const before = seen.length;
    source.next(frameAt(320, 320, () => 0, { epoch: 1 }));
    source.complete();
    const after = seen.slice(before);
    expect(joined(after).every((sample) => sample === 0)).toBe(true);
    expect(joined(after)).toHaveLength(960);
    expect(after[0]).toMatchObject({ epoch: 1, timestamp: 20_000 });
  });

  describe('on a live stream', () => {
    function live(context: TestContext, options: ResampleOptions) {
      const source = new Subject<AudioFrame>();
      const seen: { readonly frame: AudioFrame; readonly at: number }[] = [];
      withContext(context, () =>
        source.pipe(resample(options)).subscribe((frame) => seen.push({ frame, at: context.clock.now() })),
      );
      const say = async (from: number, count: number, shiftMicros = 0, signal = sine(400, 20_000)) => {
        for (let index = from; index < from + count; index++) {
          const frame = frameAt(index * 320, 320, signal);
          source.next(frame.move({ timestamp: (frame.timestamp + shiftMicros) as Micros }));
          await context.clock.advance(20);
        }
      };
      return { source, seen, say, samples: () => joined(seen.map(({ frame }) => frame)) };
    }

    it.each([8_000, 22_050, 48_000])('gives its tail within two frames of a pause, at %i Hz', async (sampleRate) => {
      const context = new TestContext();
      const { seen, say, samples } = live(context, { sampleRate });
      await say(0, 20);
      await context.clock.advance(1_000);
      expect(samples()).toHaveLength(sampleRate * 0.4);
      expect(seen.at(-1)!.at).toBe(420);
      expect(context.clock.timers).toBe(0);
    });

    it('begins the next sentence with nothing of the one before', async () => {
      const context = new TestContext();
      const { seen, say, samples } = live(context, { sampleRate: 48_000 });
      await say(0, 20, 0, () => 15_000);
      await context.clock.advance(1_000);
      const before = seen.length;
      await say(20, 20, 1_000_000, () => 0);
      const after = seen.slice(before).map(({ frame }) => frame);
      expect(after[0]!.timestamp).toBe(1_400_000);
      expect(joined(after).every((sample) => sample === 0)).toBe(true);
      await context.clock.advance(100);
      expect(samples()).toHaveLength(2 * 20 * 960);
    });

    it('continues a stream that was merely late: no sample more or less, and hardly a trace', async () => {
      const context = new TestContext();
      const { seen, say, samples } = live(context, { sampleRate: 48_000 });
      for (let index = 0; index < 50; index++) {
        await say(index, 1);
        await context.clock.advance(25);
      }
      await context.clock.advance(100);
      expect(samples()).toHaveLength(50 * 960);
      expectTone(samples().subarray(480, -480), { sampleRate: 48_000, frequency: 400, minSnr: 45 });
      let index = 0;
      for (const { frame } of seen) {
        expect(frame.timestamp).toBe(samplesToMicros(index, 48_000));
        index += frame.length;
      }
    });

    it('holds its tail while its receivers hold the stream back, and drops it at an interruption', async () => {
      const context = new TestContext();
      const { say, samples, source } = live(context, { sampleRate: 48_000 });
      await say(0, 1);
      context.setRoom(false);
      await context.clock.advance(1_000);
      expect(samples()).toHaveLength(840);
      context.interrupt();
      context.setRoom(true);
      await context.clock.advance(1_000);
      expect(samples()).toHaveLength(840);
      source.complete();
      expect(samples()).toHaveLength(840);
    });
  });

  it.each([
    [48_000, 44_100, 960],
    [8_000, 11_025, 160],
    [44_100, 16_000, 1_024],
    [48_000, 44_100, 1_447],
  ])('does not drift over thousands of gaps, from %i to %i Hz in frames of %i', (inputRate, sampleRate, length) => {
    const gap = { duration: 20_000 as Micros, reason: 'disconnected' as const };
    const list = Array.from({ length: 3_000 }, (_, k) =>
      frameAt(k * length, length, () => 0, {
        sampleRate: inputRate,
        timestamp: (samplesToMicros(k * length, inputRate) + k * 20_000) as Micros,
        gap: k === 0 ? undefined : gap,
      }),
    );
    const seen = run(list, { sampleRate });
    const total = seen.reduce((sum, frame) => sum + frame.length, 0);
    expect(total).toBe(Math.round((3_000 * length * sampleRate) / inputRate));
    for (const frame of seen.filter(({ gap }) => gap !== undefined))
      expect(frame.timestamp).toBe(list.find(({ timestamp }) => timestamp === frame.timestamp)?.timestamp);
  });

  it('tells the graph what it does', () => {
    const spec = specOf(resample({ sampleRate: 16_000 }));
    expect(spec?.produces?.({ kind: 'audio', sampleRate: 48_000, channels: 2 })).toEqual({
      kind: 'audio',
      sampleRate: 16_000,
      channels: 2,
    });
    expect(spec?.latencyMs).toBe(2.5);
    expect(spec?.accepts).toEqual({ kind: 'audio' });
  });

  it('refuses bad options at once', () => {
    expect(() => resample({ sampleRate: 0 })).toThrow(RangeError);
    expect(() => resample({ sampleRate: 44_100.5 })).toThrow(/resample.sampleRate/);
    expect(() => resample({} as ResampleOptions)).toThrow(TypeError);
    expect(() => resample({ sampleRate: 16_000, quality: 'vhq' as 'best' })).toThrow(/resample.quality/);
  });
});
