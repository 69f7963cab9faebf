import { type ActorContext, checkKeys, type Puller, SluiceError, type Source, type VideoFrame } from '@sluice/core';
import { namePath } from '../formats/byte-io/name-path.ts';
import { type ImageInput, imageFile } from '../formats/image/image-input.ts';
import { ImagePages } from '../formats/image/image-pages.ts';
import { type ImageShapeOptions, imageShape, imageShapeKeys } from '../formats/image/image-shape.ts';
import {
  type ImageTiming,
  ownTiming,
  pageDurations,
  type Showing,
  steadyTiming,
} from '../formats/image/image-timing.ts';
import { OpenImage } from '../formats/image/open-image.ts';
import { unreadAnimation } from '../formats/image/unreadable-image.ts';
import { type ExactFrameRate, exactFrameRate, type FrameRate } from '../options/exact-frame-rate.ts';
import { checkFrameCount, countFrames, type FrameCountOptions, frameCountKeys } from '../options/frame-count.ts';
import { checkLoop } from '../options/play-count.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** Size, rate and number of the pictures of {@link fromImage}. */
export interface FromImageOptions extends ImageShapeOptions, FrameCountOptions, LiveOptions {
  /**
   * Frames per second; 29.97 means exactly 30000/1001. Default: 30 for a still image; an animation gives each of its
   * pages once, for as long as it is shown.
   */
  readonly frameRate?: FrameRate | undefined;
  /** Plays an animation for ever, or this many times in all. Default: as often as it says itself. */
  readonly loop?: boolean | number | undefined;
}

/**
 * Shows an image: PNG, JPEG, WebP, AVIF, GIF, TIFF or SVG.
 *
 * A still image is decoded and converted once and repeated at the frame rate, without an end unless `duration` or
 * `frames` says so: every frame stands on the same bytes. Animations (GIF, WebP) keep their own timing: a frame for each
 * page, timestamps cumulative, pages of 10 ms or less lasting 100 ms, as in browsers; with `frameRate` they are shown at
 * a constant rate. What decodes to 32 MiB or less is decoded once; of larger animations two such pieces are in memory,
 * and the next one is decoded while one is shown. Other files of several images show their first.
 *
 * Still images are turned upright as EXIF says, colours are brought to sRGB, with 16 bits by their profile too. What no
 * page of a GIF covers is transparent. Pages are scaled each for itself. Of animated PNGs the first picture is shown, and
 * that is reported (`SLUICE_IMAGE_ANIMATION`); HEIC and animated AVIF are refused, with what to do. An SVG is drawn at the size asked for. It
 * can show nothing from outside its own text but `data:` URLs: no file and no address is read. Files are read whole, up
 * to 256 MiB. Decoding runs on threads of libvips, which is loaded with the first image of the process; the first frame
 * comes when it is done. Adds no latency otherwise.
 *
 * Faults of a file that leave all its pixels are reported (`SLUICE_IMAGE_FLAWED`), and the image is shown, as viewers do:
 * `tolerance` says how much is let pass.
 *
 * Errors: `SLUICE_FILE_READ` for what is no file, `SLUICE_IMAGE_FORMAT` for what is no image that is read,
 * `SLUICE_IMAGE_CORRUPT` for one that is damaged or cut short, `SLUICE_IMAGE_TOO_LARGE`.
 *
 * @example
 * ```ts
 * import { fromImage, toY4mFile } from '@sluice/nodes';
 *
 * const logo = fromImage('logo.png', { width: 1280, height: 720, background: 'white', duration: 5 });
 * logo.subscribe(toY4mFile('logo.y4m'));
 * ```
 * @param input - A path, a `file:` URL, or the encoded bytes.
 * @throws TypeError, RangeError at once for options of the wrong kind or range.
 * @see fromImages for one after the other, toImageFiles for the way back.
 */
export function fromImage(input: ImageInput, options: FromImageOptions = {}): Source<VideoFrame> {
  checkKeys<FromImageOptions>('fromImage', options, {
    ...imageShapeKeys,
    ...frameCountKeys,
    ...liveKeys,
    frameRate: true,
    loop: true,
  });
  const file = imageFile(input);
  const shape = imageShape(options);
  const rate = options.frameRate === undefined ? undefined : exactFrameRate(options.frameRate);
  const plays = options.loop === undefined ? undefined : checkLoop(options.loop);
  checkFrameCount(options);

  const openImage = async (report?: (error: unknown) => void) => {
    const bytes = await file.read();
    const image = await OpenImage.open(bytes, shape, { path: file.path, report });
    const animation = unreadAnimation(bytes);
    if (animation !== undefined) report?.(namePath(file.path, stillOnly(animation)));
    return image;
  };
  const open = async (context: ActorContext) => {
    const image = await openImage((error) => context.report(error));
    const timing = imageTiming(image, plays ?? image.plays, rate, options);
    const { colorSpace } = shape;
    const pages = new ImagePages(image, { colorSpace, wraps: (plays ?? image.plays) > 1, owner: context.name });
    return new ImagePuller(pages, timing);
  };
  const prepare = async () => ({ kind: 'video', ...(await openImage()).format }) as const;
  return frameSource({ name: 'fromImage', prepare }, options.live, open);
}

function stillOnly(animation: string): SluiceError {
  return new SluiceError(
    'SLUICE_IMAGE_ANIMATION',
    `the image is ${animation}, of which only the first picture is shown`,
    {
      expected: 'an animation as GIF or WebP',
      fix: 'Convert it: ffmpeg -i FILE -loop 0 out.webp, or ffmpeg -i FILE out.y4m for fromY4mFile',
    },
  );
}

class ImagePuller implements Puller<VideoFrame> {
  readonly #pages: ImagePages;
  readonly #timing: ImageTiming;

  constructor(pages: ImagePages, timing: ImageTiming) {
    this.#pages = pages;
    this.#timing = timing;
  }

  /** Only what is not decoded yet takes a promise. */
  read(): VideoFrame | null | Promise<VideoFrame> {
    const showing = this.#timing();
    if (showing === undefined) return null;
    const picture = this.#pages.at(showing.page);
    return picture instanceof Promise ? picture.then((decoded) => shown(decoded, showing)) : shown(picture, showing);
  }

  close(): void {
    this.#pages.close();
  }
}

function shown(picture: VideoFrame, { timestamp, duration }: Showing): VideoFrame {
  return picture.derive({ timestamp, duration });
}

function imageTiming(
  image: OpenImage,
  plays: number,
  rate: ExactFrameRate | undefined,
  options: FrameCountOptions,
): ImageTiming {
  const still = image.delays.length === 0;
  if (!still && rate === undefined) {
    const { duration = Number.POSITIVE_INFINITY, frames = Number.POSITIVE_INFINITY } = options;
    return ownTiming(pageDurations(image.delays), { plays, frames, end: Math.round(duration * 1e6) });
  }
  const steady = rate ?? exactFrameRate(30);
  const frames = countFrames(options, steady);
  if (still) return steadyTiming([Number.POSITIVE_INFINITY], steady, { plays: 1, frames });
  return steadyTiming(pageDurations(image.delays), steady, { plays, frames });
}
