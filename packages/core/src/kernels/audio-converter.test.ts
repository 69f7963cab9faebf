import { describe, expect, test } from 'vitest';
import { AudioConverter } from './audio-converter.ts';

const mono16 = { sampleRate: 16_000, channels: 1 };
const mono48 = { sampleRate: 48_000, channels: 1 };
const stereo48 = { sampleRate: 48_000, channels: 2 };

function tone(frequency: number, sampleRate: number, frames: number, channels = 1): Int16Array {
  return Int16Array.from({ length: frames * channels }, (_, i) =>
    Math.round(16_000 * Math.sin((2 * Math.PI * frequency * Math.floor(i / channels)) / sampleRate)),
  );
}

describe('AudioConverter', () => {
  test('returns the very array when nothing changes', () => {
    const converter = new AudioConverter(mono16, { ...mono16 });
    const input = tone(1000, 16_000, 320);
    expect(converter.identity).toBe(true);
    expect(converter.process(input)).toBe(input);
    expect(converter.flush()).toHaveLength(0);
    expect(converter.latencyMs).toBe(0);
  });

  test.each([
    [stereo48, mono16],
    [mono16, stereo48],
    [stereo48, { sampleRate: 44_100, channels: 2 }],
    [mono48, stereo48],
  ])('from %o to %o the tone and the time stay', (from, to) => {
    const converter = new AudioConverter(from, to);
    const first = converter.process(tone(1000, from.sampleRate, from.sampleRate / 2, from.channels));
    const output = Int16Array.from([...first, ...converter.flush()]);
    expect(output).toHaveLength((to.sampleRate / 2) * to.channels);
    expect(first.buffer.byteLength).toBe(first.byteLength);
    const expected = tone(1000, to.sampleRate, to.sampleRate / 2, to.channels);
    const edge = 200 * to.channels;
    for (let i = edge; i < output.length - edge; i++)
      expect(Math.abs(output[i]! - expected[i]!)).toBeLessThanOrEqual(3);
    expect(converter.latencyMs > 0).toBe(from.sampleRate !== to.sampleRate);
  });

  test('a matrix is applied also when the channel count stays', () => {
    const converter = new AudioConverter(stereo48, stereo48, {
      matrix: [
        [0, 1],
        [1, 0],
      ],
    });
    expect([...converter.process(Int16Array.of(1, 2, 3, 4))]).toEqual([2, 1, 4, 3]);
  });

  test('reset forgets what went in', () => {
    const converter = new AudioConverter(mono48, mono16);
    const input = tone(440, 48_000, 4800);
    const once = converter.process(input);
    converter.process(tone(3000, 48_000, 1000));
    converter.reset();
    expect(converter.process(input)).toEqual(once);
  });

  test.each([
    [stereo48, mono16],
    [mono16, stereo48],
    [mono48, stereo48],
    [mono16, mono16],
  ])('from %o to %o what is held at a pause can be had, and counting goes on over gaps', (from, to) => {
    const converter = new AudioConverter(from, to);
    let given = 0;
    for (let stretch = 1; stretch <= 300; stretch++) {
      const output = converter.process(tone(1000, from.sampleRate, 101, from.channels));
      given += (output.length + converter.drain().length) / to.channels;
      converter.beginStretch();
      expect(given).toBe(Math.round((stretch * 101 * to.sampleRate) / from.sampleRate));
    }
    expect(converter.flush()).toHaveLength(0);
  });

  test('bad input is a typed error', () => {
    const converter = new AudioConverter(stereo48, mono16);
    expect(() => converter.process(new Int16Array(3))).toThrow(expect.objectContaining({ code: 'SLUICE_FRAME_SHAPE' }));
    expect(() => new AudioConverter({ sampleRate: 100, channels: 1 }, mono16)).toThrow(RangeError);
    expect(() => new AudioConverter(mono16, { sampleRate: 16_000, channels: 0 })).toThrow(RangeError);
    expect(() => new AudioConverter(stereo48, mono16, { matrix: [[1]] })).toThrow(TypeError);
    converter.close();
    expect(() => converter.process(new Int16Array(2))).toThrow(
      expect.objectContaining({ code: 'SLUICE_KERNEL_CLOSED' }),
    );
    expect(() => converter.flush()).toThrow(expect.objectContaining({ code: 'SLUICE_KERNEL_CLOSED' }));
    expect(() => converter.drain()).toThrow(expect.objectContaining({ code: 'SLUICE_KERNEL_CLOSED' }));
  });
});
