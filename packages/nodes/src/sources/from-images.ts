import { type ActorContext, checkKeys, type Source, type VideoFrame } from '@sluice/core';
import type { ImageInput } from '../formats/image/image-input.ts';
import {
  type ImageFit,
  type ImageShapeOptions,
  imageFits,
  imageShape,
  imageShapeKeys,
} from '../formats/image/image-shape.ts';
import { checkChoice, checkMs } from '../options/check-option.ts';
import { exactFrameRate, type FrameRate } from '../options/exact-frame-rate.ts';
import { countFrames, type FrameCountOptions, frameCountKeys } from '../options/frame-count.ts';
import { checkLoop } from '../options/play-count.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';
import { type Slide, slideFiles } from './slide.ts';
import {
  type BrokenImagePolicy,
  brokenImagePolicies,
  SlideShow,
  type SlideShowOptions,
  slideShape,
} from './slide-show.ts';

/** Size, rate and length of the pictures of {@link fromImages}. */
export interface FromImagesOptions extends Omit<ImageShapeOptions, 'fit'>, FrameCountOptions, LiveOptions {
  /** How each image comes to the size of all. Default `contain`. */
  readonly fit?: Exclude<ImageFit, 'inside'> | undefined;
  /** How long each image is shown that does not say so itself. Default 5. */
  readonly seconds?: number | undefined;
  /** How long an image takes to fade into the next one, which has begun then; its whole time at most. Default 0. */
  readonly crossFadeMs?: number | undefined;
  /** Frames per second; 29.97 means exactly 30000/1001. Default 30. */
  readonly frameRate?: FrameRate | undefined;
  /** Begins again after the last image: for ever, or this many times in all. Default: once. */
  readonly loop?: boolean | number | undefined;
  /** What becomes of an image that cannot be read. Default `error`. */
  readonly broken?: BrokenImagePolicy | undefined;
}

/**
 * Shows images one after the other, each for some seconds, with a cross-fade if one is wanted.
 *
 * Frames have one size, that of the first image unless `width` and `height` are given, and are opaque. An image begins
 * where the times of those before it add up to; for its first `crossFadeMs` it is mixed with the one before it, in steps
 * of 1/255 linear in time, exact in each byte. Outside of fades frames stand on the same bytes. Of an animation the first
 * picture is shown. Three decoded images are in memory at most: the next one is decoded while one is shown, on threads
 * of libvips, and again in each round. Adds no latency.
 *
 * Errors: those of `fromImage`. With `broken: 'skip'` they are reported instead, and only a whole round without an image
 * is one.
 *
 * @example
 * ```ts
 * import { fromImages, toY4mFile } from '@sluice/nodes';
 *
 * const slides = ['title.png', { image: 'plan.svg', seconds: 20 }, 'thanks.jpg'];
 * fromImages(slides, { width: 1280, height: 720, crossFadeMs: 500 }).subscribe(toY4mFile('slides.y4m'));
 * ```
 * @param slides - Paths, `file:` URLs or encoded bytes, or these with a time of their own. At least one.
 * @throws TypeError, RangeError at once for options of the wrong kind or range.
 * @see fromImage for one.
 */
export function fromImages(
  slides: readonly (ImageInput | Slide)[],
  options: FromImagesOptions = {},
): Source<VideoFrame> {
  checkKeys<FromImagesOptions>('fromImages', options, {
    ...imageShapeKeys,
    ...frameCountKeys,
    ...liveKeys,
    seconds: true,
    crossFadeMs: true,
    frameRate: true,
    loop: true,
    broken: true,
  });
  const { seconds = 5, crossFadeMs = 0, frameRate = 30, loop = false, broken = 'error', fit = 'contain' } = options;
  const files = slideFiles(slides, seconds);
  const rate = exactFrameRate(frameRate);
  checkChoice(
    'fit',
    fit,
    imageFits.filter((each) => each !== 'inside'),
  );
  checkMs('crossFadeMs', crossFadeMs);
  checkChoice('broken', broken, brokenImagePolicies);
  const shape = { ...imageShape(options), opaque: true };
  const show: SlideShowOptions = {
    slides: files,
    broken,
    plays: checkLoop(loop),
    rate,
    frames: countFrames(options, rate),
    crossFade: crossFadeMs * 1_000,
  };

  const open = async (context: ActorContext) => new SlideShow(show, await slideShape(shape, show), context);
  const prepare = async () => {
    const { width, height, format } = await slideShape(shape, show);
    return { kind: 'video', width, height, format } as const;
  };
  return frameSource({ name: 'fromImages', prepare }, options.live, open);
}
