import { invalidArgument, outOfRange } from '../../errors.ts';
import { type ColorFormat, type ColorSpace, checkColorFormat, checkColorSpace } from '../../media/color-format.ts';
import type { Picture } from './picture.ts';

/** A converter of elsewhere, a native one for example, for one pair of formats. */
export interface ColorConverterOffer {
  /** Who offers, for messages. */
  readonly name: string;
  /** Of the pictures that it takes. */
  readonly from: ColorFormat;
  /** Of the pictures that it makes. One of the two is I420. */
  readonly to: ColorFormat;
  /** Of the I420 side; one of the two is I420. Default `bt601`. */
  readonly colorSpace?: ColorSpace;
  /** Pictures of fewer pixels are not given to it. Default 0. */
  readonly minPixels?: number;
  /**
   * Fills `target`. Both have one size and the bytes of their format, in arrays that own their whole `ArrayBuffer`, which
   * is not shared: other pictures are not given to it. It calls back into nothing and keeps neither.
   */
  convert(source: Picture, target: Picture): void;
}

/** The latest first. */
const offers: ColorConverterOffer[] = [];

/**
 * Offers a faster converter to `convertColor` of this thread. It has to keep within 3 levels of the reference
 * (`referenceConvertColor` of the testing kit). Of several for one pair the latest is taken.
 *
 * @returns takes the offer back; a second call does nothing
 * @throws TypeError, RangeError for an offer that is none
 */
export function offerColorConverter(offer: ColorConverterOffer): () => void {
  const { from, to, colorSpace = 'bt601', minPixels = 0 } = offer;
  checkColorFormat(from, 'offer.from');
  checkColorFormat(to, 'offer.to');
  checkColorSpace(colorSpace, 'offer.colorSpace');
  if ((from === 'I420') === (to === 'I420')) throw invalidArgument('offer.to', 'I420 on one side only', to);
  if (typeof offer.convert !== 'function') throw invalidArgument('offer.convert', 'a function', offer.convert);
  if (!(minPixels >= 0)) throw outOfRange('offer.minPixels', '0 or more pixels', minPixels);
  // An object of our own: the same offer may be made twice.
  const made = { ...offer, convert: (source: Picture, target: Picture) => offer.convert(source, target) };
  offers.unshift(made);
  return () => {
    const index = offers.indexOf(made);
    if (index >= 0) offers.splice(index, 1);
  };
}

/** The offer that suits these pictures. */
export function offeredConverter(from: Picture, to: Picture): ColorConverterOffer | undefined {
  for (const offer of offers) {
    if (offer.from !== from.format || offer.to !== to.format) continue;
    const { colorSpace = 'bt601' } = from.format === 'I420' ? from : to;
    if (colorSpace !== (offer.colorSpace ?? 'bt601') || from.width * from.height < (offer.minPixels ?? 0)) continue;
    if (ownsWholeBuffer(from.data) && ownsWholeBuffer(to.data)) return offer;
  }
  return undefined;
}

function ownsWholeBuffer({ buffer, byteLength }: Uint8Array): boolean {
  return buffer instanceof ArrayBuffer && byteLength === buffer.byteLength;
}
