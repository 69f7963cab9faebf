import { describeVideoFormat, SluiceError, type VideoFrame, videoFramePool } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import type { Sharp } from 'sharp';
import { loadSharp } from './load-sharp.ts';

/** Encodings in which a picture may be written. */
export const imageEncodings = ['png', 'jpeg', 'webp'] as const;
/** `png` and `webp` keep the alpha of formats that have it; `jpeg` leaves it out. */
export type ImageEncoding = (typeof imageEncodings)[number];

export interface EncodePictureOptions {
  readonly encoding: ImageEncoding;
  /** 1 to 100; a PNG has none. */
  readonly quality: number;
  /** Who owns the pixels meanwhile, for reports of leaks. */
  readonly owner: string;
}

/**
 * Encodes a picture on a thread of libvips and closes the frame: at once if its colours had to be converted, else when
 * it is done. Rejects with `SLUICE_IMAGE_ENCODE`.
 */
export function encodePicture(frame: VideoFrame, options: EncodePictureOptions): Promise<Uint8Array> {
  return encode(rgbPixels(frame, options.owner), options);
}

async function encode(pixels: VideoFrame, { encoding, quality }: EncodePictureOptions): Promise<Uint8Array> {
  const { width, height, format } = pixels;
  try {
    const makeSharp = await loadSharp();
    const raw = { width, height, channels: format === 'RGBA' ? 4 : 3 } as const;
    return await encoder(makeSharp(pixels.data, { raw, limitInputPixels: false }), encoding, quality).toBuffer();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError('SLUICE_IMAGE_ENCODE', `a picture cannot be encoded as ${encoding}: ${reason}`, {
      received: describeVideoFormat(pixels),
      fix: 'Put scale before it, or choose another encoding',
      timestamp: pixels.timestamp,
      cause,
    });
  } finally {
    pixels.close();
  }
}

function encoder(image: Sharp, encoding: ImageEncoding, quality: number): Sharp {
  if (encoding === 'png') return image.png();
  return encoding === 'webp' ? image.webp({ quality }) : image.removeAlpha().jpeg({ quality });
}

/** The picture in a format that libvips reads. Takes the frame over. */
function rgbPixels(frame: VideoFrame, owner: string): VideoFrame {
  if (frame.format === 'RGB' || frame.format === 'RGBA') return frame;
  const pixels = videoFramePool.like(frame, { format: frame.format === 'I420' ? 'RGB' : 'RGBA' }, owner);
  convertColor(frame, pixels);
  frame.close();
  return pixels;
}
