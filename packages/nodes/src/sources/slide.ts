import { checkKeys, invalidArgument } from '@sluice/core';
import { type ImageFile, type ImageInput, imageFile } from '../formats/image/image-input.ts';
import { checkNumber } from '../options/check-option.ts';

/** An image and for how long it is shown. */
export interface Slide {
  /** What `fromImage` takes. */
  readonly image: ImageInput;
  /** Default: what all have. */
  readonly seconds?: number | undefined;
}

/** A slide, checked. */
export interface SlideFile {
  readonly file: ImageFile;
  /** Microseconds. */
  readonly duration: number;
}

const range = { min: 0.001, max: 1e9, unit: 's' };

/** Checks all slides at once, and opens none. `seconds` is for those that do not say. */
export function slideFiles(slides: readonly (ImageInput | Slide)[], seconds: number): readonly SlideFile[] {
  if (!Array.isArray(slides) || slides.length === 0) throw invalidArgument('slides', 'a list of images', slides);
  checkNumber('seconds', seconds, range);
  return slides.map((slide: ImageInput | Slide, index) => {
    if (isSlide(slide)) checkKeys<Slide>(`slides[${index}]`, slide, { image: true, seconds: true });
    const { image, seconds: own = seconds } = isSlide(slide) ? slide : { image: slide };
    checkNumber(`slides[${index}].seconds`, own, range);
    return { file: imageFile(image), duration: Math.round(own * 1e6) };
  });
}

function isSlide(slide: ImageInput | Slide): slide is Slide {
  return typeof slide === 'object' && slide !== null && 'image' in slide;
}
