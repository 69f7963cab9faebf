import { invalidArgument, type KeysOf, type VideoFormat } from '@sluice/core';
import { checkBoolean, checkNumber, checkObject } from '../../options/check-option.ts';

export const horizontalAnchors = ['left', 'center', 'right'] as const;
/** Where something stands from left to right. */
export type HorizontalAnchor = (typeof horizontalAnchors)[number];
export const verticalAnchors = ['top', 'center', 'bottom'] as const;
/** Where something stands from top to bottom. */
export type VerticalAnchor = (typeof verticalAnchors)[number];

/** Where something is laid over a picture, and how visible it is. */
export interface OverlayPlace {
  /** Of the left edge, in pixels; may be outside the picture, and is rounded. Or an edge, or the middle. */
  readonly x?: number | HorizontalAnchor | undefined;
  /** Of the top edge. */
  readonly y?: number | VerticalAnchor | undefined;
  /** 0 to 1. */
  readonly opacity?: number | undefined;
  /** Whether it is drawn at all. */
  readonly visible?: boolean | undefined;
}

/** The keys of `OverlayPlace`, for those that extend it. */
export const overlayPlaceKeys = {
  x: true,
  y: true,
  opacity: true,
  visible: true,
} as const satisfies KeysOf<OverlayPlace>;

/** Throws unless every field that is there is valid. */
export function checkPlace(name: string, place: OverlayPlace): void {
  checkObject(name, place);
  const { x, y, opacity, visible } = place;
  if (x !== undefined) checkCoordinate(`${name}.x`, x, horizontalAnchors);
  if (y !== undefined) checkCoordinate(`${name}.y`, y, verticalAnchors);
  if (opacity !== undefined) checkNumber(`${name}.opacity`, opacity, { min: 0, max: 1, unit: 'of full opacity' });
  if (visible !== undefined) checkBoolean(`${name}.visible`, visible);
}

/** The top left of something of `size` on a picture. */
export function placeOn(
  picture: Pick<VideoFormat, 'width' | 'height'>,
  size: Pick<VideoFormat, 'width' | 'height'>,
  { x = 'left', y = 'top' }: OverlayPlace,
  margin: number,
): readonly [x: number, y: number] {
  return [
    anchored(x, horizontalAnchors, picture.width - size.width, margin),
    anchored(y, verticalAnchors, picture.height - size.height, margin),
  ];
}

function anchored(at: number | string, [low, middle]: readonly string[], space: number, margin: number): number {
  if (typeof at === 'number') return Math.round(at);
  if (at === low) return margin;
  return at === middle ? Math.round(space / 2) : space - margin;
}

function checkCoordinate(name: string, value: unknown, anchors: readonly string[]): void {
  if (anchors.includes(value as string)) return;
  if (typeof value !== 'number' || Number.isNaN(value))
    throw invalidArgument(name, `pixels or one of ${anchors.join(', ')}`, value);
  checkNumber(name, value, { min: -1e9, max: 1e9, unit: 'pixels' });
}
