import type { AudioFrame } from '@sluice/core';
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frameAt, frames, joined, sine } from '../../test/ramp-frames.ts';
import { type NoiseGateOptions, noiseGate } from './noise-gate.ts';

operatorChecklist('noiseGate', { make: () => noiseGate() });
operatorChecklist('noiseGate without lookahead', {
  make: () => noiseGate({ lookaheadMs: 0, openDb: -20 }),
  interruptible: false,
});
operatorChecklist('noiseGate over the floor, with much lookahead', {
  make: () => noiseGate({ openAboveFloorDb: 12, lookaheadMs: 50 }),
});

function run(list: readonly AudioFrame[], options: NoiseGateOptions): AudioFrame[] {
  const seen: AudioFrame[] = [];
  from(list)
    .pipe(noiseGate(options))
    .subscribe((frame) => seen.push(frame));
  return seen;
}

/** 500 Hz, loud from 100 to 200 ms. */
const burst = (index: number) => sine(500, index >= 1_600 && index < 3_200 ? 12_000 : 30)(index);

describe('noiseGate', () => {
  it('silences what is not loud, keeps every sample in its place, and lets what comes before the sound pass', () => {
    const given = joined(frames(40, 320, burst));
    const seen = run(frames(40, 320, burst), { lookaheadMs: 10, attackMs: 5, holdMs: 20, releaseMs: 20 });
    const output = joined(seen);
    expect(output).toHaveLength(given.length);
    expect(output.subarray(1_600, 3_200)).toEqual(given.subarray(1_600, 3_200));
    expect(output.subarray(0, 1_430).every((value) => value === 0)).toBe(true);
    expect(output.subarray(4_200).every((value) => value === 0)).toBe(true);
    expect(output.subarray(1_530, 1_600)).toEqual(given.subarray(1_530, 1_600));
  });

  it('is late by its lookahead and not more', () => {
    for (const lookaheadMs of [0, 5, 30]) {
      const seen = run(frames(10), { lookaheadMs });
      const before = seen.filter((frame) => frame.timestamp + frame.duration <= 200_000 - lookaheadMs * 1_000);
      expect(joined(before)).toHaveLength(3_200 - lookaheadMs * 16);
    }
  });

  it('passes the frames themselves while it is open and does not look ahead', () => {
    const list = frames(10, 320, sine(500));
    const seen = run(list, { lookaheadMs: 0 });
    expect(seen.slice(1)).toEqual(list.slice(1));
    expect(seen[5]).toBe(list[5]);
  });

  it('cuts where an utterance begins, and keeps a time that jumps', () => {
    const list = frames(4, 320, sine(500));
    list[1] = list[1]!.move({ utterance: 'one' });
    list[3] = list[3]!.move({ timestamp: 90_000 as never });
    const seen = run(list, { lookaheadMs: 10 });
    expect(seen.map(({ timestamp, length, utterance }) => [timestamp, length, utterance])).toEqual([
      [0, 160, undefined],
      [10_000, 160, undefined],
      [20_000, 160, 'one'],
      [30_000, 160, 'one'],
      [40_000, 160, undefined],
      [50_000, 160, undefined],
      [90_000, 160, undefined],
      [100_000, 160, undefined],
    ]);
  });

  it('uses the memory of closed frames again', () => {
    const arrays = new Set<Int16Array>();
    from(frames(500, 320, burst))
      .pipe(noiseGate({ lookaheadMs: 5 }))
      .subscribe((frame) => {
        arrays.add(frame.samples);
        frame.close();
      });
    // The first frame is shorter, and so is the tail.
    expect(arrays.size).toBeLessThanOrEqual(3);
    const kept = run(frames(20, 320, burst), { lookaheadMs: 5 });
    expect(new Set(kept.map((frame) => frame.samples)).size).toBe(kept.length);
  });

  it('keeps the speakers that channels are for, and starts closed in another format', () => {
    const list = [
      frameAt(0, 320, sine(500), { channels: 2, channelMask: 3 }),
      frameAt(320, 320, sine(500), { channels: 2, channelMask: 0x600 }),
    ];
    const seen = run(list, { lookaheadMs: 5 });
    expect(seen.map(({ channelMask, length }) => [channelMask, length])).toEqual([
      [3, 240],
      [3, 80],
      [0x600, 240],
      [0x600, 80],
    ]);
    expect(Math.abs(seen[2]!.samples[0]!)).toBeLessThan(300);
  });

  it('refuses options at once', () => {
    expect(() => noiseGate({ openDb: 3 })).toThrow(RangeError);
    expect(() => noiseGate({ openDb: -40, closeDb: -30 })).toThrow(RangeError);
    expect(() => noiseGate({ openAboveFloorDb: 1 })).toThrow(RangeError);
    expect(() => noiseGate({ attackMs: 0 })).toThrow(RangeError);
    expect(() => noiseGate({ releaseMs: 0 })).toThrow(RangeError);
    expect(() => noiseGate({ lookaheadMs: 2_000 })).toThrow(RangeError);
    expect(() => noiseGate({ holdMs: 'long' as never })).toThrow(TypeError);
  });
});
