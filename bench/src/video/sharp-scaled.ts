import { bytesPerPixel, type VideoFormat, videoByteLength } from '@sluice/core';
import sharp from 'sharp';

/** A picture scaled by sharp called raw, with one of its kernels; I420 as three pictures of one channel at once. */
export async function sharpScaled(
  from: VideoFormat & { readonly data: Uint8Array },
  to: { readonly width: number; readonly height: number },
  kernel: 'linear' | 'cubic',
): Promise<Uint8Array> {
  if (from.format !== 'I420') return plane(from.data, from, to, bytesPerPixel(from.format), kernel);
  const half = ({ width, height }: typeof to) => ({ width: (width + 1) >> 1, height: (height + 1) >> 1 });
  const [luma, chroma] = [from.width * from.height, half(from).width * half(from).height];
  const parts = await Promise.all([
    plane(from.data.subarray(0, luma), from, to, 1, kernel),
    plane(from.data.subarray(luma, luma + chroma), half(from), half(to), 1, kernel),
    plane(from.data.subarray(luma + chroma), half(from), half(to), 1, kernel),
  ]);
  const data = new Uint8Array(videoByteLength({ ...to, format: 'I420' }));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}

function plane(
  data: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  to: { readonly width: number; readonly height: number },
  channels: 1 | 3 | 4,
  kernel: 'linear' | 'cubic',
): Promise<Uint8Array> {
  const image = sharp(data, { raw: { width, height, channels } }).resize({ ...to, fit: 'fill', kernel });
  // Of one channel sharp makes three otherwise.
  return (channels === 1 ? image.toColourspace('b-w') : image).raw().toBuffer();
}
