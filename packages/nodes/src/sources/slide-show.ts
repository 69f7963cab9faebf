import {
  type ActorContext,
  type Micros,
  type Puller,
  SluiceError,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { decodedFrame } from '../formats/image/decoded-frame.ts';
import type { ImageShape } from '../formats/image/image-shape.ts';
import { OpenImage } from '../formats/image/open-image.ts';
import { crossFade } from '../kernels/video/cross-fade.ts';
import { type ExactFrameRate, frameTime } from '../options/exact-frame-rate.ts';
import type { SlideFile } from './slide.ts';

export const brokenImagePolicies = ['error', 'skip'] as const;
/** `error`: an image that cannot be shown ends the stream; `skip`: it is reported, and the next one is shown at once. */
export type BrokenImagePolicy = (typeof brokenImagePolicies)[number];

export interface SlideShowOptions {
  readonly slides: readonly SlideFile[];
  readonly broken: BrokenImagePolicy;
  /** How often all of them are shown. */
  readonly plays: number;
  readonly rate: ExactFrameRate;
  /** How many frames there are at most. */
  readonly frames: number;
  /** Microseconds. */
  readonly crossFade: number;
}

/** A shape of one size, for slides of any. */
export interface SlideShape extends ImageShape {
  readonly width: number;
  readonly height: number;
}

interface LoadedSlide {
  /** Counted on over the rounds. */
  readonly position: number;
  readonly picture: VideoFrame;
}

/** What is shown, from when to when in microseconds. */
interface ShownSlide extends LoadedSlide {
  readonly start: number;
  readonly fadeEnd: number;
  readonly end: number;
}

/** The size of all slides: what the options say, or else that of the first one whose header can be read. */
export async function slideShape(shape: ImageShape, { slides, broken }: SlideShowOptions): Promise<SlideShape> {
  const { width, height } = shape;
  if (width !== undefined && height !== undefined) return { ...shape, width, height };
  for (const { file } of slides)
    try {
      const { format } = await OpenImage.open(await file.read(), shape, { path: file.path });
      return { ...shape, width: format.width, height: format.height };
    } catch (error) {
      // Reported when its turn comes.
      if (broken === 'error') throw error;
    }
  throw allBroken(slides);
}

/** Pictures of one size after the other, at a constant rate. The one that comes next is decoded while one is shown. */
export class SlideShow implements Puller<VideoFrame> {
  readonly #options: SlideShowOptions;
  readonly #shape: SlideShape;
  readonly #context: ActorContext;
  #shown: ShownSlide | undefined;
  /** What fades away. */
  #former: VideoFrame | undefined;
  #ahead: Promise<LoadedSlide | undefined> | undefined;
  #index = 0;
  #closed = false;

  constructor(options: SlideShowOptions, shape: SlideShape, context: ActorContext) {
    this.#options = options;
    this.#shape = shape;
    this.#context = context;
  }

  /** Only the first frame of a slide takes a promise. */
  read(): VideoFrame | null | Promise<VideoFrame | null> {
    if (this.#index >= this.#options.frames) return null;
    const shown = this.#shown;
    const timestamp = frameTime(this.#index, this.#options.rate);
    return shown !== undefined && timestamp < shown.end ? this.#frame(shown, timestamp) : this.#advance(timestamp);
  }

  close(): void {
    this.#closed = true;
    this.#shown?.picture.close();
    this.#former?.close();
    this.#ahead?.then(
      (loaded) => loaded?.picture.close(),
      () => {},
    );
  }

  async #advance(timestamp: Micros): Promise<VideoFrame | null> {
    let shown = this.#shown;
    while (shown === undefined || shown.end <= timestamp) {
      this.#ahead ??= this.#load(0);
      const loaded = await this.#ahead;
      if (loaded === undefined || this.#closed) return null;
      this.#former?.close();
      this.#former = shown?.picture;
      shown = this.#begin(loaded, shown?.end ?? 0);
      this.#shown = shown;
      this.#ahead = this.#load(loaded.position + 1);
      // It fails when its time has come.
      this.#ahead.catch(() => {});
    }
    return this.#frame(shown, timestamp);
  }

  #begin(loaded: LoadedSlide, start: number): ShownSlide {
    const { slides, crossFade } = this.#options;
    const { duration } = slides[loaded.position % slides.length]!;
    return { ...loaded, start, fadeEnd: start + Math.min(crossFade, duration), end: start + duration };
  }

  #frame({ picture, start, fadeEnd }: ShownSlide, timestamp: Micros): VideoFrame {
    const duration = (frameTime(++this.#index, this.#options.rate) - timestamp) as Micros;
    const former = this.#former;
    if (former !== undefined && timestamp < fadeEnd) {
      const opacity = Math.round((255 * (timestamp - start)) / (fadeEnd - start));
      return this.#mixed(former, picture, opacity, { timestamp, duration });
    }
    former?.close();
    this.#former = undefined;
    return picture.derive({ timestamp, duration });
  }

  #mixed(
    former: VideoFrame,
    picture: VideoFrame,
    opacity: number,
    times: { readonly timestamp: Micros; readonly duration: Micros },
  ): VideoFrame {
    if (opacity === 0) return former.derive(times);
    if (opacity === 255) return picture.derive(times);
    const { width, height, format, colorSpace } = picture;
    const mixed = videoFramePool.frame({ width, height, format, colorSpace, ...times }, this.#context.name);
    mixed.data.set(former.data);
    crossFade(mixed.data, picture.data, opacity);
    return mixed;
  }

  /** The slide at a position, or the next one that can be shown; undefined behind the last. */
  async #load(position: number): Promise<LoadedSlide | undefined> {
    const { slides, plays, broken } = this.#options;
    const only = slides.length === 1 ? this.#shown : undefined;
    const end = Math.min(position + slides.length, slides.length * plays);
    if (position >= end) return undefined;
    if (only !== undefined) return { position, picture: only.picture.clone() };
    for (let place = position; place < end; place++)
      try {
        return { position: place, picture: await this.#decode(slides[place % slides.length]!) };
      } catch (error) {
        if (broken === 'error') throw error;
        this.#context.report(error);
      }
    if (end - position === slides.length) throw allBroken(slides);
    return undefined;
  }

  async #decode({ file }: SlideFile): Promise<VideoFrame> {
    const { colorSpace } = this.#shape;
    const report = (error: unknown) => this.#context.report(error);
    const image = await OpenImage.open(await file.read(), this.#shape, { path: file.path, report });
    return decodedFrame(await image.decode(0, 1), 0, image.format, { colorSpace, owner: this.#context.name });
  }
}

function allBroken(slides: readonly SlideFile[]): SluiceError {
  return new SluiceError('SLUICE_IMAGE_FORMAT', `none of the ${slides.length} images can be shown`, {
    fix: "Leave out broken: 'skip' to see what is wrong with the first",
  });
}
