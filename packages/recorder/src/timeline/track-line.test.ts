import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrackLine } from './track-line.ts';

const ones = (length: number, value = 1) => new Int16Array(length).fill(value);
/** Where a block has sound: `from-to`. */
const stretches = (block: Int16Array | undefined) => {
  const edges: number[] = [];
  for (let i = 0; i <= (block?.length ?? 0); i++)
    if (((block?.[i - 1] ?? 0) === 0) !== ((block?.[i] ?? 0) === 0)) edges.push(i);
  return edges;
};

describe('TrackLine', () => {
  it('sets pieces where the earliest arrival says, one behind the other', () => {
    const line = new TrackLine(1_000, 1, 0);
    // The first comes 15 ms late, which the second tells.
    line.hear(ones(20), 0, 535);
    line.hear(ones(20), 20, 540);
    line.hear(ones(20), 40, 568);
    expect(stretches(line.take(1_000))).toEqual([500, 560]);
    expect([line.first, line.heard, line.lost, line.corrections, line.gapCount]).toEqual([500, 60, 0, 0, 0]);
  });

  it('keeps the length of a gap to the sample, and tells it', () => {
    const line = new TrackLine(1_000, 2, 0);
    line.hear(ones(40), 0, 120);
    line.hear(ones(40), 333, 453);
    expect(stretches(line.take(400))).toEqual([200, 240]);
    expect(stretches(line.take(500))).toEqual([2 * 33, 2 * 53]);
    expect(line.gaps).toEqual([{ at: 120, samples: 313 }]);
    expect(line.take(600)).toBeUndefined();
  });

  it('closes a gap that was none: its sound came late, all at once, and what follows stands where it was heard', () => {
    const line = new TrackLine(1_000, 1, 0);
    const spoken = (from: number, count: number, shift: number, now?: number) => {
      for (let i = 0; i < count; i++) line.hear(ones(20), from + shift + i * 20, now ?? from + (i + 1) * 20);
    };
    spoken(0, 10, 0);
    // 200 ms are taken for a gap, as nothing comes; then they come, and the stream is 200 ms ahead of itself.
    spoken(200, 10, 200, 400);
    spoken(400, 20, 200);
    expect(stretches(line.take(500))).toEqual([0, 500]);
    // The next break is real and takes these 200 ms back.
    spoken(1_500, 20, 0);
    expect(stretches(line.take(1_000))).toEqual([0, 300]);
    expect(stretches(line.take(2_000))).toEqual([500, 900]);
    expect([line.lost, line.corrections, line.gapCount]).toEqual([0, 2, 1]);
  });

  it('gives a piece in parts, whatever the blocks are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 60 }), (steps) => {
        const line = new TrackLine(1_000, 1, 0);
        const sound = Int16Array.from({ length: 1_000 }, (_, n) => n + 1);
        for (let at = 0; at < 1_000; at += 50) line.hear(sound.slice(at, at + 50), at, at + 150);
        const taken: number[] = [];
        let to = 0;
        for (const step of [...steps, 2_000]) {
          const from = to;
          to += step;
          taken.push(...(line.take(to) ?? new Int16Array(to - from)));
        }
        expect(taken.slice(0, 1_200)).toEqual([...new Int16Array(100), ...sound, ...new Int16Array(100)]);
      }),
    );
  });

  it.each([-200, -100, 100, 200])(
    'stays within 20 ms of the clock for an hour, at a sender that strays by %d ppm',
    (ppm) => {
      const line = new TrackLine(1_000, 1, 0);
      let lastArrival = 0;
      let position = 0;
      let heard = 0;
      for (let i = 0; i < 180_000; i++) {
        lastArrival = (i + 1) * 20 * (1 + ppm / 1e6);
        line.hear(ones(20), i * 20, lastArrival);
        const due = Math.floor(lastArrival - 1_000);
        if (due > position) {
          heard += line.take(due)?.reduce((sum, value) => sum + value, 0) ?? 0;
          position = due;
        }
      }
      heard += line.take(Math.ceil(lastArrival) + 100)!.reduce((sum, value) => sum + value, 0);
      const hundreds = Math.abs(ppm) / 100;
      expect(line.corrections).toBeGreaterThan(12 * hundreds);
      expect(line.corrections).toBeLessThan(25 * hundreds);
      expect(heard + line.lost).toBe(180_000 * 20);
      const silence = line.gaps.reduce((sum, { samples }) => sum + samples, 0);
      expect(Math.abs(line.first! + heard + silence - lastArrival)).toBeLessThanOrEqual(21);
    },
  );

  it('counts what finds no place: what comes too late, and more than can wait', () => {
    const line = new TrackLine(1_000, 1, 0);
    line.hear(ones(20), 0, 120);
    line.take(1_000);
    line.hear(ones(20), 20, 140);
    line.hear(ones(20), 890, 1_010);
    expect(stretches(line.take(1_100))).toEqual([0, 10]);
    expect(line.lost).toBe(30);
    for (let i = 0; i < 300; i++) line.hear(ones(20), 1_000 + i * 20, 1_120 + i * 20);
    expect(line.lost).toBe(30 + 2_000);
    const many = new TrackLine(1_000, 1, 0);
    for (let i = 0; i < 1_500; i++) {
      many.hear(ones(1), i * 40, i * 40 + 1);
      many.take(i * 40 + 1);
    }
    expect([many.gaps.length, many.gapCount]).toEqual([1_000, 1_499]);
  });
});
