import { AudioFrame, micros } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stretch } from './stretch.ts';
import { toWav } from './to-wav.ts';

const RATE = 16_000;
const frame = (samples: Int16Array, timestamp = 0, init: Partial<AudioFrame> = {}) =>
  new AudioFrame({ samples, sampleRate: RATE, channels: 1, timestamp: micros(timestamp), ...init });

function heard(samples: Int16Array, sizes: readonly number[]) {
  const stretch = new Stretch(frame(samples.slice(0, 1)), -50);
  let at = 0;
  for (const size of [...sizes, samples.length]) {
    if (at < samples.length) stretch.add(frame(samples.slice(at, at + size)));
    at += size;
  }
  return stretch.heard();
}

describe('Stretch', () => {
  it('is the same for pieces of any size', () => {
    const parts = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.boolean()), { maxLength: 5 });
    const sizes = fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 20 });
    const law = fc.property(parts, sizes, (blocks, pieces) => {
      const samples = Int16Array.from(blocks.flatMap(([length, loud]) => Array<number>(length).fill(loud ? 3_000 : 3)));
      const [one, other] = [heard(samples, pieces), heard(samples, [])];
      expect({ ...one, samples: undefined }).toEqual({ ...other, samples: undefined });
      expect(Buffer.from(one.samples.buffer).equals(Buffer.from(other.samples.buffer))).toBe(true);
    });
    fc.assert(law, { numRuns: 50 });
  });

  it('keeps a minute of quiet in a second of memory, and the lead of what follows it', () => {
    const stretch = new Stretch(frame(new Int16Array(1)), -50);
    for (let second = 0; second < 60; second++) {
      stretch.add(frame(new Int16Array(RATE)));
      expect(stretch.keptMs).toBeLessThan(1_000);
    }
    stretch.add(frame(new Int16Array(RATE).fill(9_000)));
    const { loud, origin } = stretch.heard();
    expect(loud).toEqual({ start: 60_000_000, end: 61_000_000 });
    expect(60_000_000 - origin).toBeGreaterThanOrEqual(300_000);
    expect(60_000_000 - origin).toBeLessThan(610_000);
  });

  it('goes on within 5 ms of where it ended, without a gap', () => {
    const stretch = new Stretch(frame(new Int16Array(160)), -50);
    stretch.add(frame(new Int16Array(160)));
    expect(stretch.continuedBy(frame(new Int16Array(160), 14_000))).toBe(true);
    expect(stretch.continuedBy(frame(new Int16Array(160), 16_000))).toBe(false);
    expect(stretch.continuedBy(frame(new Int16Array(160), 10_000, { sampleRate: 24_000 }))).toBe(false);
    const gap = { duration: micros(10_000), reason: 'dropped' } as never;
    expect(stretch.continuedBy(frame(new Int16Array(160), 10_000, { gap }))).toBe(false);
  });
});

it('toWav writes a header that says what follows', () => {
  const file = Buffer.from(toWav(Int16Array.of(1, -2, 32_767), 24_000));
  expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
  expect([file.readUInt32LE(4), file.readUInt32LE(24), file.readUInt32LE(28), file.readUInt32LE(40)]).toEqual([
    42, 24_000, 48_000, 6,
  ]);
  expect([44, 46, 48].map((at) => file.readInt16LE(at))).toEqual([1, -2, 32_767]);
});
