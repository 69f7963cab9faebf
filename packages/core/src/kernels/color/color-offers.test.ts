import { afterEach, describe, expect, it } from 'vitest';
import { converted, noise } from '../../../test/color-pictures.ts';
import type { ColorSpace } from '../../media/color-format.ts';
import { type ColorConverterOffer, offerColorConverter } from './color-offers.ts';
import { convertColor } from './convert-color.ts';

const taken: (() => void)[] = [];

/** A converter that fills with its mark, so that one sees who was asked. */
function offer(mark: number, change: Partial<ColorConverterOffer> = {}): () => void {
  const convert: ColorConverterOffer['convert'] = (_, { data }) => data.fill(mark);
  const takeBack = offerColorConverter({ name: `marks ${mark}`, from: 'RGBA', to: 'I420', convert, ...change });
  taken.push(takeBack);
  return takeBack;
}

afterEach(() => {
  for (const takeBack of taken.splice(0)) takeBack();
});

const rgba = noise('RGBA', 4, 4);
const own = converted(convertColor, rgba, 'I420').data[0]!;
const first = (colorSpace?: ColorSpace, picture = rgba) => converted(convertColor, picture, 'I420', colorSpace).data[0];

describe('offerColorConverter', () => {
  it('gives the pictures that suit to the offer until it is taken back', () => {
    const takeBack = offer(3);
    expect(first()).toBe(3);
    expect(first('bt601')).toBe(3);
    expect(first('bt709')).not.toBe(3);
    expect(first(undefined, noise('BGRA', 4, 4))).not.toBe(3);
    takeBack();
    takeBack();
    expect(first()).toBe(own);
  });

  it('looks at the colour space of the I420 side', () => {
    offer(3, { from: 'I420', to: 'RGB', colorSpace: 'bt709' });
    expect(converted(convertColor, noise('I420', 4, 4, 1, 'bt709'), 'RGB', 'bt601').data[0]).toBe(3);
    expect(converted(convertColor, noise('I420', 4, 4, 1, 'bt601'), 'RGB', 'bt709').data[0]).not.toBe(3);
  });

  it('takes the latest of several, and each back for itself', () => {
    const older = offer(3);
    const newer = offer(5);
    expect(first()).toBe(5);
    newer();
    expect(first()).toBe(3);
    older();
    expect(first()).toBe(own);
    // The same object twice: each call is an offer.
    const same: ColorConverterOffer = {
      name: 'same',
      from: 'RGBA',
      to: 'I420',
      convert: (_, { data }) => data.fill(7),
    };
    const [one, two] = [offerColorConverter(same), offerColorConverter(same)];
    one();
    one();
    expect(first()).toBe(7);
    two();
    expect(first()).toBe(own);
  });

  it('keeps small pictures, views and shared memory away from it', () => {
    offer(3, { minPixels: 16 });
    expect(first(undefined, noise('RGBA', 3, 5))).not.toBe(3);
    expect(first()).toBe(3);
    const view = { ...rgba, data: new Uint8Array(80).subarray(8, 72) };
    view.data.set(rgba.data);
    expect(first(undefined, view)).toBe(own);
    const shared = { ...rgba, data: new Uint8Array(new SharedArrayBuffer(64)) };
    shared.data.set(rgba.data);
    expect(first(undefined, shared)).toBe(own);
  });

  it('lets what the converter throws reach the caller', () => {
    const failure = new Error('broken');
    offer(3, {
      convert() {
        throw failure;
      },
    });
    expect(() => first()).toThrow(failure);
  });

  it.each([
    ['from', { from: 'NV12' as never }],
    ['to', { to: undefined as never }],
    ['to', { to: 'BGRA' }],
    ['to', { from: 'I420' }],
    ['colorSpace', { colorSpace: 'bt2020' as never }],
    ['convert', { convert: 1 as never }],
    ['minPixels', { minPixels: -1 }],
  ] as const)('refuses a bad %s at once', (name, change) => {
    expect(() => offer(3, change)).toThrow(new RegExp(`^offer\\.${name} `));
  });
});
