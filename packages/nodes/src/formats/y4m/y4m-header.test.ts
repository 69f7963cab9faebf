import { colorSpaces, isSluiceError } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactFrameRate } from '../../options/exact-frame-rate.ts';
import { formatY4mHeader, parseY4mHeader, y4mChromaBytes } from './y4m-header.ts';

const limit = 4096 * 4096;
const parse = (tokens: string, maxPixels = limit) => parseY4mHeader(`YUV4MPEG2 ${tokens}`, maxPixels);
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('parseY4mHeader', () => {
  it('reads what ffmpeg writes', () => {
    expect(parse('W1920 H1080 F30000:1001 Ip A1:1 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED')).toEqual({
      width: 1_920,
      height: 1_080,
      frameRate: { numerator: 30_000, denominator: 1_001 },
      chroma: '420',
      colorSpace: 'bt601',
      tellsMatrix: false,
      pixelAspect: 1,
    });
  });

  it('reads tokens in any order, and leaves out what it does not know', () => {
    expect(parse('C444 Znew XWHATEVER=1 H2  F50:2 A0:0 W3')).toMatchObject({
      width: 3,
      height: 2,
      frameRate: { numerator: 25, denominator: 1 },
      chroma: '444',
    });
  });

  it.each([
    ['C420jpeg', '420'],
    ['C420mpeg2', '420'],
    ['C420paldv', '420'],
    ['C420', '420'],
    ['', '420'],
    ['XYSCSS=422', '422'],
    ['XYSCSS=420JPEG', '420'],
    ['C422', '422'],
    ['C444', '444'],
    ['Cmono', 'mono'],
  ])('takes %j as %s', (token, chroma) => {
    expect(parse(`W4 H4 F25:1 ${token}`).chroma).toBe(chroma);
  });

  it.each([
    ['XCOLORRANGE=FULL', 'bt601-full'],
    ['XCOLORRANGE=LIMITED', 'bt601'],
    ['XCOLORRANGE=SOMETHING', 'bt601'],
    ['', 'bt601'],
  ])('takes %j as %s', (token, colorSpace) => {
    expect(parse(`W4 H4 F25:1 ${token}`).colorSpace).toBe(colorSpace);
  });

  it.each(['', 'F0:0'])('does not know the rate of %j', (token) => {
    expect(parse(`W4 H4 ${token}`).frameRate).toBeUndefined();
  });

  it.each([
    'W4',
    'H4',
    'W0 H4',
    'W4 H0',
    'W-4 H4',
    'W4.5 H4',
    'W1e2 H4',
    'W0x10 H4',
    'W H4',
    'W99999999999999999999 H4',
    'W16385 H1',
    'W16384 H16384',
    'W4 H4 F30',
    'W4 H4 F30:0',
    'W4 H4 F0:1',
    'W4 H4 F-30:1',
    'W4 H4 F30:1:1',
    'W4 H4 F1000000:1',
    'W4 H4 F1:999999',
    'W4 H4 F999999999999999:1',
    'W4 H4 Ix',
  ])('refuses a header that lies: %s', (tokens) => {
    expect(() => parse(tokens)).toThrow(code('SLUICE_Y4M_HEADER'));
  });

  it('takes no more pixels than are allowed', () => {
    expect(parse('W100 H100', 10_000)).toMatchObject({ width: 100, height: 100 });
    expect(() => parse('W101 H100', 10_000)).toThrow(/at most 10000 pixels.*maxPixels/);
  });

  it.each(['C420p10', 'C444alpha', 'C411', 'Cmono16', 'C', 'Cconstructor', 'It', 'Ib', 'Im'])(
    'refuses %s and says what is read',
    (token) => {
      expect(() => parse(`W4 H4 F25:1 ${token}`)).toThrow(code('SLUICE_Y4M_UNSUPPORTED'));
      expect(() => parse(`W4 H4 F25:1 ${token}`)).toThrow(/ffmpeg/);
    },
  );

  it.each(['', 'RIFF', 'YUV4MPEG', 'YUV4MPEG21 W4 H4', 'yuv4mpeg2 W4 H4'])('refuses %j', (line) => {
    expect(() => parseY4mHeader(line, limit)).toThrow(code('SLUICE_Y4M_NOT_Y4M'));
  });

  it('comes back from what is written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16_384 }),
        fc.integer({ min: 1, max: 1_024 }),
        fc.constantFrom(24, 23.976, 25, 29.97, 30, 60, 12.5),
        fc.constantFrom('bt601', 'bt601-full', 'bt709', 'bt709-full'),
        (width, height, perSecond, colorSpace) => {
          const header = { width, height, frameRate: exactFrameRate(perSecond), colorSpace } as const;
          const line = formatY4mHeader(header);
          expect(line.endsWith('\n')).toBe(true);
          expect(parseY4mHeader(line.slice(0, -1), limit)).toEqual({
            ...header,
            chroma: '420',
            // From 720 lines up other tools would take what says nothing for BT.709.
            tellsMatrix: height >= 720 || colorSpace.startsWith('bt709'),
            pixelAspect: undefined,
          });
        },
      ),
    );
  });

  it('gives a bounded header or a typed error for any line', () => {
    const token = fc
      .tuple(fc.constantFrom(...'WHFIACXYZ'), fc.string({ maxLength: 12 }))
      .map((parts) => parts.join(''));
    const lines = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(token, { maxLength: 12 }).map((tokens) => `YUV4MPEG2 ${tokens.join(' ')}`),
      fc
        .tuple(fc.integer(), fc.integer(), fc.integer(), fc.integer())
        .map(([w, h, n, d]) => `YUV4MPEG2 W${w} H${h} F${n}:${d}`),
    );
    fc.assert(
      fc.property(lines, (line) => {
        try {
          const { width, height, frameRate } = parseY4mHeader(line, 1_000_000);
          expect(width * height).toBeLessThanOrEqual(1_000_000);
          expect(Number.isInteger(width) && width > 0 && Number.isInteger(height) && height > 0).toBe(true);
          if (frameRate !== undefined) expect(frameRate.numerator / frameRate.denominator).toBeGreaterThan(0);
        } catch (error) {
          expect(isSluiceError(error) && error.code.startsWith('SLUICE_Y4M_')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('y4mChromaBytes', () => {
  it.each([
    ['420', 6],
    ['422', 9],
    ['444', 15],
    ['mono', 0],
  ] as const)('of 5x3 in %s are %i', (chroma, bytes) => {
    expect(y4mChromaBytes({ width: 5, height: 3, chroma })).toBe(bytes);
  });
});

describe('formatY4mHeader', () => {
  it('takes 80 bytes at most, says nothing of the shape of pixels, and is read as it was meant', () => {
    for (const colorSpace of colorSpaces)
      for (const [width, height] of [
        [64, 48],
        [1_920, 1_080],
        [16_384, 16_384],
      ] as const) {
        const frameRate = { numerator: 30_000, denominator: 1_001 };
        const line = formatY4mHeader({ width, height, frameRate, colorSpace });
        expect(line.length).toBeLessThanOrEqual(80);
        expect(line).not.toMatch(/ A\d/);
        expect(parseY4mHeader(line.trimEnd(), 2 ** 28)).toMatchObject({ width, height, frameRate, colorSpace });
      }
  });

  it('still reads the longer name of the matrix', () => {
    expect(parseY4mHeader('YUV4MPEG2 W4 H2 XSLUICE_MATRIX=BT709', 100).colorSpace).toBe('bt709');
  });
});
