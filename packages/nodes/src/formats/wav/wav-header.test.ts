import { isSluiceError } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WavHeader, WavHeaderParser } from './wav-header.ts';
import { wavHeader } from './wav-header-bytes.ts';

const text = (value: string) => [...Buffer.from(value, 'latin1')];
const u16 = (value: number) => [value & 0xff, (value >> 8) & 0xff];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const u64 = (value: number) => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];
const chunk = (id: string, body: number[], size = body.length) => [
  ...text(id),
  ...u32(size),
  ...body,
  ...(body.length % 2 === 1 ? [0] : []),
];

interface Fmt {
  tag?: number;
  channels?: number;
  rate?: number;
  align?: number;
  bits?: number;
  extra?: number[];
}
function fmt({ tag = 1, channels = 1, rate = 8_000, bits = 16, extra = [], align }: Fmt = {}): number[] {
  const blockAlign = align ?? (channels * Math.ceil(bits / 8)) & 0xffff;
  return chunk('fmt ', [
    ...u16(tag),
    ...u16(channels),
    ...u32(rate),
    ...u32(rate * blockAlign),
    ...u16(blockAlign),
    ...u16(bits),
    ...extra,
  ]);
}
const subformat = (tag: number) => [...u16(tag), 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
const extensible = (tag: number, bits = 16) => [...u16(22), ...u16(bits), ...u32(3), ...subformat(tag)];
const data = (size: number) => [...text('data'), ...u32(size)];
const riff = (...chunks: number[][]) => {
  const body = chunks.flat();
  return Uint8Array.from([...text('RIFF'), ...u32(body.length + 4), ...text('WAVE'), ...body]);
};

function parse(bytes: Uint8Array, step = bytes.length || 1, maxHeaderBytes?: number): WavHeader {
  const parser = new WavHeaderParser(maxHeaderBytes === undefined ? {} : { maxHeaderBytes });
  for (let at = 0; at < bytes.length; at += step) {
    const header = parser.push(bytes.subarray(at, at + step));
    if (header !== undefined) return header;
  }
  return parser.end();
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('WavHeaderParser', () => {
  it('reads the plain header', () => {
    expect(parse(riff(fmt({ channels: 2, rate: 44_100 }), data(400)))).toEqual({
      format: { codec: 'pcm', sampleRate: 44_100, channels: 2, bitsPerSample: 16, blockBytes: 4, blockSamples: 1 },
      dataOffset: 44,
      dataBytes: 400,
      samples: undefined,
    });
  });

  it('gives the same however the bytes are cut', () => {
    const bytes = riff(
      chunk('LIST', text('INFOodd')),
      fmt(),
      chunk('fact', u32(7)),
      chunk('bext', [1, 2, 3]),
      data(14),
    );
    const whole = parse(bytes);
    expect(whole).toMatchObject({ dataBytes: 14, samples: 7 });
    for (let step = 1; step < bytes.length; step++) expect(parse(bytes, step)).toEqual(whole);
  });

  it.each([
    ['8-bit', { bits: 8 }, { codec: 'pcm', bitsPerSample: 8 }],
    ['12 bits in 16', { bits: 12 }, { codec: 'pcm', bitsPerSample: 16 }],
    ['20 bits in 24', { bits: 20 }, { codec: 'pcm', bitsPerSample: 24 }],
    ['24-bit', { bits: 24 }, { codec: 'pcm', blockBytes: 3 }],
    ['32-bit', { bits: 32 }, { codec: 'pcm', blockBytes: 4 }],
    ['float', { tag: 3, bits: 32 }, { codec: 'float' }],
    ['double', { tag: 3, bits: 64, channels: 6 }, { codec: 'float', blockBytes: 48 }],
    ['A-law', { tag: 6, bits: 8 }, { codec: 'a-law' }],
    ['mu-law', { tag: 7, bits: 8 }, { codec: 'mu-law' }],
    ['64 channels', { channels: 64 }, { channels: 64, blockBytes: 128 }],
    ['a block size of 0', { align: 0 }, { blockBytes: 2 }],
    ['extensible PCM', { tag: 0xfffe, extra: extensible(1) }, { codec: 'pcm' }],
    ['extensible float', { tag: 0xfffe, bits: 32, extra: extensible(3, 32) }, { codec: 'float' }],
    [
      'IMA ADPCM',
      { tag: 0x11, bits: 4, align: 256, extra: [2, 0, 0xf9, 1] },
      { codec: 'ima-adpcm', blockSamples: 505 },
    ],
    ['MS ADPCM', { tag: 2, bits: 4, align: 256 }, { codec: 'ms-adpcm', blockSamples: 500 }],
  ])('reads %s', (_, options, expected) => {
    expect(parse(riff(fmt(options), data(64))).format).toMatchObject(expected);
  });

  it.each([
    ['0 in a file that claims to end here', riff(fmt(), data(0))],
    ['0xffffffff', riff(fmt(), data(0xffff_ffff))],
    ['0x7ffff000', riff(fmt(), data(0x7fff_f000))],
  ])('takes a data size of %s as unknown', (_, bytes) => {
    expect(parse(bytes).dataBytes).toBeUndefined();
  });

  it('believes a data size of 0 with chunks behind it', () => {
    expect(parse(riff(fmt(), data(0), chunk('LIST', text('INFO')))).dataBytes).toBe(0);
  });

  it.each(['RF64', 'BW64'])('reads %s with its 64-bit sizes', (magic) => {
    const bytes = riff(chunk('ds64', [...u64(6e9), ...u64(5e9), ...u64(1), ...u32(0)]), fmt(), data(0xffff_ffff));
    bytes.set(text(magic));
    expect(parse(bytes).dataBytes).toBe(5e9);
    bytes.set(Array(8).fill(0xff), 28);
    expect(parse(bytes).dataBytes).toBeUndefined();
  });

  it.each([
    ['SLUICE_WAV_NOT_WAV', 'text', Uint8Array.from(text('hello, this is no audio'))],
    ['SLUICE_WAV_NOT_WAV', 'short text', Uint8Array.from(text('hi'))],
    ['SLUICE_WAV_NOT_WAV', 'another RIFF form', Uint8Array.from([...text('RIFF'), ...u32(4), ...text('AVI LIST')])],
    ['SLUICE_WAV_NOT_WAV', 'big-endian RIFX', Uint8Array.from([...text('RIFX'), ...u32(4), ...text('WAVE')])],
    ['SLUICE_WAV_TRUNCATED', 'an empty file', new Uint8Array(0)],
    ['SLUICE_WAV_TRUNCATED', 'a file of three bytes', Uint8Array.from(text('RIF'))],
    ['SLUICE_WAV_TRUNCATED', 'no data chunk', riff(fmt())],
    ['SLUICE_WAV_TRUNCATED', 'an end inside the format', riff(fmt()).subarray(0, 30)],
    ['SLUICE_WAV_FORMAT', 'data before the format', riff(data(4))],
    ['SLUICE_WAV_FORMAT', 'an empty format chunk', riff(chunk('fmt ', []))],
    ['SLUICE_WAV_FORMAT', 'a short format chunk', riff(chunk('fmt ', [1, 0, 1, 0]))],
    ['SLUICE_WAV_FORMAT', 'no channels', riff(fmt({ channels: 0 }), data(4))],
    ['SLUICE_WAV_FORMAT', '65 channels', riff(fmt({ channels: 65 }), data(4))],
    ['SLUICE_WAV_FORMAT', 'a rate of 0', riff(fmt({ rate: 0 }), data(4))],
    ['SLUICE_WAV_FORMAT', 'a rate of 4 GHz', riff(fmt({ rate: 0xffff_ffff }), data(4))],
    ['SLUICE_WAV_FORMAT', 'no bits', riff(fmt({ bits: 0 }), data(4))],
    ['SLUICE_WAV_FORMAT', '64-bit integers', riff(fmt({ bits: 64 }), data(4))],
    ['SLUICE_WAV_FORMAT', '16-bit floats', riff(fmt({ tag: 3, bits: 16 }), data(4))],
    ['SLUICE_WAV_FORMAT', 'a block size that lies', riff(fmt({ align: 3 }), data(4))],
    ['SLUICE_WAV_FORMAT', 'a short extensible chunk', riff(fmt({ tag: 0xfffe, extra: [22, 0] }), data(4))],
    ['SLUICE_WAV_FORMAT', 'IMA blocks without samples', riff(fmt({ tag: 0x11, bits: 4, align: 4 }), data(4))],
    ['SLUICE_WAV_FORMAT', 'MS ADPCM of 3 channels', riff(fmt({ tag: 2, bits: 4, channels: 3, align: 99 }), data(4))],
    ['SLUICE_WAV_HEADER_TOO_LARGE', 'a chunk of 4 GB', riff(fmt(), chunk('junk', [], 0xffff_fff0))],
  ])('%s: %s', (expected, _, bytes) => {
    expect(() => parse(bytes)).toThrow(code(expected));
  });

  it.each([
    [0x55, /MP3/],
    [0x31, /GSM 6\.10/],
    [0x4321, /0x4321/],
  ])('names the codec %i', (tag, name) => {
    expect(() => parse(riff(fmt({ tag }), data(4)))).toThrow(name);
    expect(() => parse(riff(fmt({ tag: 0xfffe, extra: extensible(tag) }), data(4)))).toThrow(code('SLUICE_WAV_CODEC'));
  });

  it.each([
    ['2.1', 3, 0xb, 0xb],
    ['4.0', 4, 0x107, 0x107],
    ['the usual one', 6, 0x3f, undefined],
    ['none', 4, 0, undefined],
    ['too few', 4, 0x3, undefined],
    ['too many: the lowest count', 3, 0x10b, 0xb],
    ['speakers without a name', 2, 0x6000_0000, undefined],
    ['one channel: mono', 1, 0x1, undefined],
    ['two that are no stereo', 2, 0xc, 0xc],
  ])('reads a channel mask: %s', (_, channels, mask, expected) => {
    const extra = [...u16(22), ...u16(16), ...u32(mask), ...subformat(1)];
    expect(parse(riff(fmt({ tag: 0xfffe, channels, extra }), data(4))).format.channelMask).toBe(expected);
  });

  it('names an unknown subformat', () => {
    const extra = extensible(1).fill(0x42, 8);
    expect(() => parse(riff(fmt({ tag: 0xfffe, extra }), data(4)))).toThrow(code('SLUICE_WAV_CODEC'));
  });

  it('skips a large chunk, up to the limit', () => {
    const bytes = riff(chunk('id3 ', Array(5_000).fill(7)), fmt(), data(4));
    expect(parse(bytes, 999).dataOffset).toBe(bytes.length);
    expect(() => parse(bytes, 999, 4_096)).toThrow(code('SLUICE_WAV_HEADER_TOO_LARGE'));
  });
});

describe('mutated headers', () => {
  const seeds = [
    riff(fmt({ channels: 2, rate: 48_000 }), data(1_000)),
    riff(chunk('LIST', text('INFOISFT')), fmt({ tag: 0xfffe, extra: extensible(1) }), chunk('fact', u32(9)), data(18)),
    riff(
      fmt({ tag: 2, bits: 4, align: 256, extra: [...u16(32), ...u16(500), ...u16(7), ...Array(28).fill(1)] }),
      data(0),
    ),
    riff(fmt({ tag: 0x11, bits: 4, align: 256, extra: [2, 0, 0xf9, 1] }), data(512)),
    wavHeader({ sampleRate: 16_000, channels: 1 }, 5e9),
    wavHeader({ sampleRate: 96_000, channels: 6 }, 100),
  ];
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: fc.nat(200), bit: fc.nat(7) }),
    fc.record({ kind: fc.constant('size' as const), at: fc.nat(200), value: fc.nat(0xffff_ffff) }),
    fc.record({ kind: fc.constant('splice' as const), at: fc.nat(200), bytes: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat(200), length: fc.nat(40) }),
  );
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.uint8Array({ maxLength: 64 }),
    )
    .map(([seed, mutations, tail]) => {
      let bytes = [...seed];
      for (const step of mutations) {
        const at = step.at % bytes.length;
        if (step.kind === 'flip') bytes[at]! ^= 1 << step.bit;
        else if (step.kind === 'size') bytes.splice(at, 4, ...u32(step.value));
        else if (step.kind === 'splice') bytes.splice(at, 0, ...step.bytes);
        else bytes.splice(at, step.length);
        if (bytes.length === 0) bytes = [0];
      }
      return Uint8Array.from([...bytes, ...tail]);
    });

  function valueOrOurError(bytes: Uint8Array, step: number): void {
    let header: WavHeader;
    try {
      header = parse(bytes, step);
    } catch (error) {
      if (!isSluiceError(error) || !error.code.startsWith('SLUICE_WAV_')) throw error;
      return;
    }
    const { format } = header;
    expect(header.dataOffset).toBeLessThanOrEqual(bytes.length);
    expect(format.channels).toBeGreaterThanOrEqual(1);
    expect(format.channels).toBeLessThanOrEqual(64);
    expect(format.sampleRate).toBeGreaterThanOrEqual(1_000);
    expect(format.blockBytes).toBeGreaterThanOrEqual(1);
    expect(format.blockBytes).toBeLessThanOrEqual(65_535);
    expect(Number.isInteger(format.blockSamples)).toBe(true);
    expect(header.dataBytes ?? 0).toBeGreaterThanOrEqual(0);
  }

  it('are a value or one of our errors', () => {
    fc.assert(fc.property(mutated, fc.integer({ min: 1, max: 100 }), valueOrOurError), { numRuns: 12_000 });
  });

  it('of random bytes are one of our errors', () => {
    const random = fc.uint8Array({ maxLength: 300 });
    const withMagic = random.map((bytes) => Uint8Array.from([...text('RIFF'), ...u32(9), ...text('WAVE'), ...bytes]));
    fc.assert(fc.property(fc.oneof(random, withMagic), fc.constant(17), valueOrOurError), { numRuns: 3_000 });
  });
});

describe('wavHeader', () => {
  it('comes back from the parser', () => {
    const formats = fc.record({
      sampleRate: fc.integer({ min: 1_000, max: 768_000 }),
      channels: fc.integer({ min: 1, max: 64 }),
    });
    fc.assert(
      fc.property(formats, fc.nat(2 ** 33), fc.boolean(), (format, samples, small) => {
        const dataBytes = (small ? samples % 1e6 : samples) * format.channels * 2;
        const bytes = wavHeader(format, dataBytes);
        const header = parse(bytes);
        expect(header.format).toMatchObject({ ...format, codec: 'pcm', bitsPerSample: 16 });
        expect(header.dataOffset).toBe(bytes.length);
        const unknowable = dataBytes === 0 || (bytes[1] === 0x49 && dataBytes >= 0x7fff_f000);
        if (!unknowable) expect(header.dataBytes).toBe(dataBytes);
      }),
      { numRuns: 500 },
    );
  });

  it('claims the speakers that remix assumes, or those of the frames', () => {
    const claimed = (channels: number, channelMask?: number) => {
      const bytes = wavHeader({ sampleRate: 48_000, channels, channelMask }, 0);
      const length = bytes[52]!;
      return length === 16 ? undefined : new DataView(bytes.buffer).getUint32(76, true);
    };
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map((channels) => claimed(channels))).toEqual([
      undefined,
      undefined,
      0x7,
      0x33,
      0x37,
      0x3f,
      0x70f,
      0x63f,
      0,
    ]);
    expect([claimed(3, 0xb), claimed(2, 0xc), claimed(2, 0x3)]).toEqual([0xb, 0xc, undefined]);
    for (const channelMask of [0xb, 0x107, 0x60f])
      expect(
        parse(
          wavHeader(
            { sampleRate: 8_000, channels: channelMask === 0xb ? 3 : channelMask === 0x107 ? 4 : 6, channelMask },
            4,
          ),
        ).format,
      ).toMatchObject({ channelMask });
  });

  it('becomes RF64 at the limit, in the same place', () => {
    const format = { sampleRate: 48_000, channels: 2 };
    const small = wavHeader(format, 0xffff_ff00 - 72);
    const large = wavHeader(format, 0xffff_fffc);
    expect(Buffer.from(small.subarray(0, 4)).toString()).toBe('RIFF');
    expect(Buffer.from(large.subarray(0, 4)).toString()).toBe('RF64');
    expect(large.length).toBe(small.length);
    expect(parse(large).dataBytes).toBe(0xffff_fffc);
  });
});
