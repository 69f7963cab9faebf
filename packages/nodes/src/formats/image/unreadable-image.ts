/** Why bytes that are an image all the same cannot be read, and what to do. */
export interface UnreadableImage {
  readonly what: string;
  readonly fix: string;
}

const hevcBrands = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];

/**
 * What the brands of an ISO base media file (ISO/IEC 14496-12, 23008-12) say of an image that is not read: a photo of a
 * telephone in HEVC, or an animated AVIF. Undefined for anything else.
 */
export function unreadableImage(bytes: Uint8Array): UnreadableImage | undefined {
  const [brand, ...compatible] = brandsOf(bytes);
  if (brand === undefined) return undefined;
  const hevc = hevcBrands.includes(brand) || compatible.some((each) => hevcBrands.includes(each));
  if (hevc)
    return {
      what: 'this is a HEIC image, and HEVC, its codec, is not built in',
      fix: 'Convert it to JPEG, PNG or AVIF: heif-convert FILE out.jpg, or magick FILE out.jpg',
    };
  if (brand === 'avis')
    return {
      what: 'this is an animated AVIF (an image sequence), which is not read',
      fix: 'Convert it: ffmpeg -i FILE out.y4m for fromY4mFile, or ffmpeg -i FILE out.webp',
    };
  return undefined;
}

/**
 * What animation these bytes have that is not read, though their first picture is: an animated PNG (its chunk `acTL`
 * stands before the pixels), or an AVIF that is also an image sequence.
 */
export function unreadAnimation(bytes: Uint8Array): string | undefined {
  if (brandsOf(bytes).includes('avis')) return 'an animated AVIF';
  if (text(bytes, 1).slice(0, 3) !== 'PNG') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 8; at + 12 <= bytes.length && text(bytes, at + 4) !== 'IDAT'; at += 12 + view.getUint32(at))
    if (text(bytes, at + 4) === 'acTL') return view.getUint32(at + 8) > 1 ? 'an animated PNG' : undefined;
  return undefined;
}

/** The major brand and those it is compatible with; none if no such file begins here. */
function brandsOf(bytes: Uint8Array): string[] {
  if (bytes.length < 16 || text(bytes, 4) !== 'ftyp') return [];
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0);
  const brands = [text(bytes, 8)];
  for (let at = 16; at + 4 <= Math.min(size, bytes.length, 256); at += 4) brands.push(text(bytes, at));
  return brands;
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
