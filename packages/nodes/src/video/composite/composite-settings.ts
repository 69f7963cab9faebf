import {
  type ColorFormat,
  type ColorSpace,
  checkColorFormat,
  checkColorSpace,
  checkVideoSize,
  type KeysOf,
} from '@sluice/core';
import type { Rgba } from '../../kernels/video/paint.ts';
import { type ScaleFilter, scaleFilters } from '../../kernels/video/scale-axis.ts';
import { checkChoice } from '../../options/check-option.ts';
import { type Color, parseColor } from '../../options/color.ts';
import { type ExactFrameRate, exactFrameRate, type FrameRate } from '../../options/exact-frame-rate.ts';
import { checkStale } from './composite-input.ts';
import { type CompositeLayout, checkLayout, type FreeLayout, type GridLayout, type InsetLayout } from './layout.ts';
import { type CompositeFit, compositeFits } from './place.ts';

/** Size, rate and layout of the picture that {@link composite} makes. */
export interface CompositeOptions {
  /** Pixels of what leaves, 1 to 16,384; at most 4096 x 4096 in all. */
  readonly width: number;
  /** Pixels, as `width`. */
  readonly height: number;
  /** Frames per second. Default 30. */
  readonly frameRate?: FrameRate | undefined;
  /** Default `grid`. */
  readonly layout?: CompositeLayout | undefined;
  /** Of what leaves. Default I420. */
  readonly format?: ColorFormat | undefined;
  /** Of I420. Default `bt601`. */
  readonly colorSpace?: ColorSpace | undefined;
  /** What is seen where no input is. Default `black`. */
  readonly background?: Color | undefined;
  /** How inputs come to cells of another shape. Default `contain`. */
  readonly fit?: CompositeFit | undefined;
  /** How inputs are scaled. Default `linear`. */
  readonly filter?: ScaleFilter | undefined;
  /** An input that is silent for so long disappears until it has a new picture. Default: never. */
  readonly staleMs?: number | undefined;
  /** Who says when a picture leaves: a clock, or the inputs when all of them have theirs. Default `clock`. */
  readonly timing?: 'clock' | 'inputs' | undefined;
}

/** The keys of `CompositeOptions`, for those that extend them. */
export const compositeKeys = {
  width: true,
  height: true,
  frameRate: true,
  layout: true,
  format: true,
  colorSpace: true,
  background: true,
  fit: true,
  filter: true,
  staleMs: true,
  timing: true,
} as const satisfies KeysOf<CompositeOptions>;

/** The options with their defaults, checked. */
export interface CompositeSettings {
  readonly width: number;
  readonly height: number;
  readonly rate: ExactFrameRate;
  readonly layout: GridLayout | InsetLayout | FreeLayout;
  readonly format: ColorFormat;
  readonly colorSpace: ColorSpace;
  readonly background: Rgba;
  readonly fit: CompositeFit;
  readonly filter: ScaleFilter;
  readonly staleMs: number;
  readonly timing: 'clock' | 'inputs';
}

export function compositeSettings(options: CompositeOptions): CompositeSettings {
  const { width, height, frameRate = 30, layout = 'grid', format = 'I420', colorSpace = 'bt601' } = options;
  const { background = 'black', fit = 'contain', filter = 'linear', timing = 'clock' } = options;
  const { staleMs = Number.POSITIVE_INFINITY } = options;
  checkVideoSize(width, height);
  checkColorFormat(format);
  checkColorSpace(colorSpace);
  checkChoice('composite.fit', fit, compositeFits);
  checkChoice('composite.filter', filter, scaleFilters);
  checkChoice('composite.timing', timing, ['clock', 'inputs']);
  checkStale('composite.staleMs', staleMs);
  return {
    width,
    height,
    rate: exactFrameRate(frameRate, 'composite.frameRate'),
    layout: checkLayout('composite.layout', layout),
    format,
    colorSpace,
    background: parseColor('composite.background', background),
    fit,
    filter,
    staleMs,
    timing,
  };
}
