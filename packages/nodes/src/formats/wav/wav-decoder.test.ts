import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { decode, encode } from 'node-wav';
import { describe, expect, it } from 'vitest';
import { wavDecoder } from './wav-decoder.ts';
import type { WavFormat } from './wav-format.ts';
import { WavHeaderParser } from './wav-header.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../../test/fixtures/${name}`, import.meta.url));

/** Decodes a whole file held in memory. */
function decodeFile(bytes: Uint8Array): { samples: Int16Array; format: WavFormat; announced: number | undefined } {
  const header = new WavHeaderParser().push(bytes)!;
  const { format, dataOffset, dataBytes } = header;
  const stored = bytes.subarray(dataOffset, dataOffset + (dataBytes ?? bytes.length));
  const out = new Int16Array(Math.ceil(stored.length / format.blockBytes) * format.blockSamples * format.channels);
  const count = wavDecoder(format)(stored, out);
  return { samples: out.subarray(0, count), format, announced: header.samples };
}

const format = (codec: WavFormat['codec'], bitsPerSample: number): WavFormat => ({
  codec,
  bitsPerSample,
  sampleRate: 8_000,
  channels: 1,
  blockBytes: Math.max(bitsPerSample / 8, 1),
  blockSamples: 1,
});

function decodeBytes(
  codec: WavFormat['codec'],
  bits: number,
  bytes: Uint8Array,
  found?: (count: number) => void,
): number[] {
  const out = new Int16Array(bytes.length);
  return [...out.subarray(0, wavDecoder(format(codec, bits), found)(bytes, out))];
}

describe('wavDecoder', () => {
  it.each([
    ['ima-adpcm', 1],
    ['ima-adpcm', 2],
    ['ms-adpcm', 1],
    ['ms-adpcm', 2],
    ['a-law', 1],
    ['a-law', 2],
    ['u-law', 1],
    ['u-law', 2],
  ])('decodes %s of %i channel(s) bit for bit like SoX', (codec, channels) => {
    const { samples, announced } = decodeFile(readFileSync(fixture(`sweep-${codec}-${channels}ch.wav`)));
    const raw = readFileSync(fixture(`sweep-${codec}-${channels}ch.s16`));
    const expected = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
    const length = 2_000 * channels;
    expect(announced ?? 2_000).toBe(2_000);
    expect(samples.length).toBeGreaterThanOrEqual(length);
    expect(samples.slice(0, length)).toEqual(expected.slice(0, length));
  });

  it.each([
    [8, false, 1 / 127],
    [16, false, 1 / 32_000],
    [24, false, 1 / 32_000],
    [32, true, 1 / 32_000],
  ])('agrees with node-wav on %i bits (float: %s)', (bitDepth, float, tolerance) => {
    const channels = [0, 1].map((channel) =>
      Float32Array.from({ length: 500 }, (_, i) => 0.9 * Math.sin((i * (channel + 1)) / 7)),
    );
    const bytes = encode(channels, { sampleRate: 8_000, bitDepth, float });
    const { samples, format: found } = decodeFile(bytes);
    const expected = decode(bytes).channelData;
    expect(found).toMatchObject({ channels: 2, bitsPerSample: bitDepth, codec: float ? 'float' : 'pcm' });
    expect(samples).toHaveLength(1_000);
    for (let i = 0; i < 500; i++) {
      for (const channel of [0, 1]) {
        const value = samples[2 * i + channel]! / 32_768;
        expect(Math.abs(value - expected[channel]![i]!)).toBeLessThan(tolerance);
      }
    }
  });

  it('agrees with node-wav on doubles', () => {
    const values = Float64Array.from({ length: 500 }, (_, i) => 0.9 * Math.sin(i / 7));
    // node-wav reads doubles and does not write them: the head comes from a file of singles.
    const head = encode([new Float32Array(1)], { sampleRate: 8_000, float: true, bitDepth: 32 }).subarray(0, 44);
    head.writeUInt16LE(8, 32);
    head.writeUInt16LE(64, 34);
    head.writeUInt32LE(values.byteLength, 40);
    const aligned = new Uint8Array(48 + values.byteLength).subarray(4);
    aligned.set(head);
    aligned.set(new Uint8Array(values.buffer), 44);
    const { samples, format: found } = decodeFile(aligned);
    expect(found).toMatchObject({ codec: 'float', bitsPerSample: 64 });
    const expected = decode(aligned).channelData[0]!;
    for (let i = 0; i < 500; i++) expect(Math.abs(samples[i]! / 32_768 - expected[i]!)).toBeLessThan(1 / 32_000);
  });

  it('keeps the ends of every integer range', () => {
    expect(decodeBytes('pcm', 8, Uint8Array.of(0, 128, 255))).toEqual([-32_768, 0, 32_512]);
    expect(decodeBytes('pcm', 16, Uint8Array.of(0, 0x80, 0xff, 0x7f, 0xff, 0xff))).toEqual([-32_768, 32_767, -1]);
    const three = Uint8Array.of(0, 0, 0x80, 0xff, 0xff, 0x7f, 0x80, 0, 0, 0x7f, 0, 0, 0x80, 0xff, 0xff);
    expect(decodeBytes('pcm', 24, three)).toEqual([-32_768, 32_767, 1, 0, 0]);
    const four = Uint8Array.of(0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0x7f, 0, 0x80, 0, 0);
    expect(decodeBytes('pcm', 32, four)).toEqual([-32_768, 32_767, 1]);
  });

  it('clamps floats, and makes silence of what is no number', () => {
    const values = [0, 1, -1, 1.5, -7, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0.5, 1e-40];
    const expected = [0, 32_767, -32_768, 32_767, -32_768, 0, 0, 0, 16_384, 0];
    const counted: number[] = [];
    const found = (count: number) => counted.push(count);
    expect(decodeBytes('float', 32, new Uint8Array(Float32Array.from(values).buffer), found)).toEqual(expected);
    expect(decodeBytes('float', 64, new Uint8Array(Float64Array.from(values).buffer), found)).toEqual(expected);
    expect(counted).toEqual([3, 3]);
    expect(decodeBytes('float', 32, new Uint8Array(Float32Array.of(7, -7).buffer), found)).toEqual([32_767, -32_768]);
    expect(counted).toEqual([3, 3]);
  });

  it('reads only whole samples', () => {
    expect(decodeBytes('pcm', 24, new Uint8Array(8))).toHaveLength(2);
    expect(decodeBytes('float', 64, new Uint8Array(15))).toHaveLength(1);
  });

  it('stays within its output for any ADPCM bytes', () => {
    const adpcm = fc.constantFrom<WavFormat>(
      { ...format('ima-adpcm', 4), channels: 2, blockBytes: 64, blockSamples: 57 },
      { ...format('ms-adpcm', 4), channels: 2, blockBytes: 64, blockSamples: 52 },
      { ...format('ms-adpcm', 4), channels: 1, blockBytes: 8, blockSamples: 4, coefficients: [[-32_768, 32_767]] },
    );
    fc.assert(
      fc.property(adpcm, fc.uint8Array({ maxLength: 400 }), (kind, bytes) => {
        const blocks = Math.ceil(bytes.length / kind.blockBytes);
        const out = new Int16Array(blocks * kind.blockSamples * kind.channels + 1).fill(99, -1);
        const count = wavDecoder(kind)(bytes, out);
        expect(count).toBeLessThan(out.length);
        expect(count % kind.channels).toBe(0);
        expect(out.at(-1)).toBe(99);
      }),
      { numRuns: 1_000 },
    );
  });
});
