import { checkKeys, invalidArgument, type VideoFormat } from '@sluice/core';
import type { PictureRect } from '../../kernels/video/scale-picture.ts';
import { checkChoice, checkNumber } from '../../options/check-option.ts';
import { type CompositePlace, freeRect } from './place.ts';

/** How the pictures of several inputs may be arranged. */
export const compositeLayouts = ['grid', 'picture-in-picture', 'free'] as const;
/**
 * Where inputs are drawn. `grid`: in cells of one size, as many as there are inputs with a picture, the last row in the
 * middle; `picture-in-picture`: one fills the picture, the others are small in a corner; `free`: each at its place.
 */
export type CompositeLayoutKind = (typeof compositeLayouts)[number];

/** Corners in which small pictures may stand. */
export const insetCorners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;
/** In which corner the small pictures stand. */
export type InsetCorner = (typeof insetCorners)[number];

/** All inputs in cells of one size. */
export interface GridLayout {
  readonly kind: 'grid';
  /** Cells in a row. Default: about as many rows as columns. */
  readonly columns?: number | undefined;
  /** Pixels between cells. Default 0. */
  readonly gap?: number | undefined;
}

/** One input fills the picture, the others stand in a corner of it. */
export interface InsetLayout {
  readonly kind: 'picture-in-picture';
  /** The input that fills the picture. Default, and while that has no picture: the first. */
  readonly main?: string | undefined;
  /** Where the others begin, above or below each other. Default `bottom-right`. */
  readonly corner?: InsetCorner | undefined;
  /** Width and height of an inset as a part of the picture's, 0.01 to 1; smaller where they would not fit. Default 0.25. */
  readonly size?: number | undefined;
  /** Pixels between insets and around them. Default 16. */
  readonly margin?: number | undefined;
}

/** Each input where its own settings put it. */
export interface FreeLayout {
  readonly kind: 'free';
}

/** A layout by its name, or with options. */
export type CompositeLayout = CompositeLayoutKind | GridLayout | InsetLayout | FreeLayout;

/** What a layout must know of an input that has a picture. */
export interface Arranged {
  readonly id: string;
  readonly place: CompositePlace;
  readonly size: Size;
}

export interface Cell<T> extends PictureRect {
  readonly input: T;
}

type Size = Pick<VideoFormat, 'width' | 'height'>;

function checkLayoutKeys(name: string, layout: GridLayout | InsetLayout | FreeLayout): void {
  if (layout.kind === 'grid') checkKeys<GridLayout>(name, layout, { kind: true, columns: true, gap: true });
  else if (layout.kind === 'free') checkKeys<FreeLayout>(name, layout, { kind: true });
  else checkKeys<InsetLayout>(name, layout, { kind: true, main: true, corner: true, size: true, margin: true });
}

/** The layout with its options, checked. */
export function checkLayout(name: string, layout: CompositeLayout): GridLayout | InsetLayout | FreeLayout {
  const full = typeof layout === 'string' ? { kind: layout } : layout;
  if (typeof full !== 'object' || full === null)
    throw invalidArgument(name, 'a layout, or an object with its kind', full);
  checkChoice(`${name}.kind`, full.kind, compositeLayouts);
  checkLayoutKeys(name, full);
  const pixels = { min: 0, max: 4_096, unit: 'pixels', integer: true };
  if (full.kind === 'grid') {
    const { columns, gap } = full as GridLayout;
    if (columns !== undefined)
      checkNumber(`${name}.columns`, columns, { min: 1, max: 256, unit: 'cells', integer: true });
    if (gap !== undefined) checkNumber(`${name}.gap`, gap, pixels);
  } else if (full.kind === 'picture-in-picture') {
    const { main, corner, size, margin } = full as InsetLayout;
    if (main !== undefined && typeof main !== 'string')
      throw invalidArgument(`${name}.main`, 'the name of an input', main);
    if (corner !== undefined) checkChoice(`${name}.corner`, corner, insetCorners);
    if (size !== undefined) checkNumber(`${name}.size`, size, { min: 0.01, max: 1, unit: 'of the picture' });
    if (margin !== undefined) checkNumber(`${name}.margin`, margin, pixels);
  }
  return full;
}

/**
 * The cell of each input, the lowest first. Everything begins at multiples of `unit`, and has such sides unless it ends
 * with the picture; undefined if cells would have no pixel.
 */
export function arrange<T extends Arranged>(
  layout: GridLayout | InsetLayout | FreeLayout,
  inputs: readonly T[],
  picture: Size,
  unit: 1 | 2,
): readonly Cell<T>[] | undefined {
  if (inputs.length === 0) return [];
  if (layout.kind === 'grid') return gridCells(layout, inputs, picture, unit);
  if (layout.kind === 'picture-in-picture') return insetCells(layout, inputs, picture, unit);
  const byDepth = [...inputs].sort((a, b) => (a.place.z ?? 0) - (b.place.z ?? 0));
  return byDepth.map((input) => ({ input, ...freeRect(input.place, input.size, unit) }));
}

function gridCells<T>(
  layout: GridLayout,
  inputs: readonly T[],
  { width, height }: Size,
  unit: 1 | 2,
): readonly Cell<T>[] | undefined {
  const count = inputs.length;
  const gap = down(layout.gap ?? 0, unit);
  const longer = Math.ceil(Math.sqrt(count));
  const columns = Math.min(layout.columns ?? (width >= height ? longer : Math.ceil(count / longer)), count);
  const rows = Math.ceil(count / columns);
  const cell = {
    width: columns === 1 ? width : down((width - gap * (columns - 1)) / columns, unit),
    height: rows === 1 ? height : down((height - gap * (rows - 1)) / rows, unit),
  };
  if (cell.width <= 0 || cell.height <= 0) return undefined;
  const begin = (space: number, side: number, cells: number) =>
    down((space - cells * side - (cells - 1) * gap) / 2, unit);
  const top = begin(height, cell.height, rows);
  return inputs.map((input, index) => {
    const row = Math.floor(index / columns);
    const left = begin(width, cell.width, Math.min(columns, count - row * columns));
    const x = left + (index % columns) * (cell.width + gap);
    return { input, x, y: top + row * (cell.height + gap), ...cell };
  });
}

function insetCells<T extends Arranged>(
  layout: InsetLayout,
  inputs: readonly T[],
  { width, height }: Size,
  unit: 1 | 2,
): readonly Cell<T>[] | undefined {
  const { main, corner = 'bottom-right', size = 0.25 } = layout;
  const margin = down(layout.margin ?? 16, unit);
  const first = inputs.find(({ id }) => id === main) ?? inputs[0]!;
  const others = inputs.filter((input) => input !== first);
  const room = (height - margin * (others.length + 1)) / others.length;
  const shrunk = Math.min(1, room / (height * size), (width - 2 * margin) / (width * size));
  const inset = { width: down(width * size * shrunk, unit), height: down(height * size * shrunk, unit) };
  if (others.length > 0 && (inset.width <= 0 || inset.height <= 0)) return undefined;
  const x = corner.endsWith('left') ? margin : down(width - margin - inset.width, unit);
  const insets = others.map((input, index) => {
    const away = margin + index * (inset.height + margin);
    return { input, x, y: corner.startsWith('top') ? away : down(height - away - inset.height, unit), ...inset };
  });
  return [{ input: first, x: 0, y: 0, width, height }, ...insets];
}

/** The largest multiple of `unit` that is not above. */
function down(length: number, unit: 1 | 2): number {
  return Math.floor(length / unit) * unit;
}
