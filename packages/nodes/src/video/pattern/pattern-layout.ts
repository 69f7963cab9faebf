/** A part of a picture, in pixels; right and bottom are outside of it. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The picture is laid out on a grid of 20 by 12, whatever its size, so that a scaled one is read on the same grid. */
export const gridColumns = 20;
export const gridRows = 12;

/** Cells of the code: rows below each other, with a column of markers at either side. */
export const codeRows = 3;
export const codeColumns = 16;
/** The grid's column and row where the code begins, markers included. */
const codeLeft = 1;
const codeTop = 7;

/** Where everything is. Edges are on even pixels, so that the colours of two parts do not run into each other. */
export function patternLayout(width: number, height: number) {
  const x = (column: number) => edge(column, gridColumns, width);
  const y = (row: number) => edge(row, gridRows, height);
  const region = (left: number, top: number, right: number, bottom: number): Region => ({
    left: x(left),
    top: y(top),
    right: x(right),
    bottom: y(bottom),
  });
  return {
    /** Seven colour bars, 75 %. */
    bars: region(0, 0, 20, 5),
    /** The blue bar and its neighbours in reverse order, to set the colour of a display by. */
    castellations: region(0, 5, 20, 6),
    /** A box crosses this lane from left to right. */
    lane: region(0, 6, 20, 7),
    /** The code: marker, 16 cells, marker in each of three rows; black around it. */
    code: region(0, codeTop, 20, codeTop + codeRows),
    /** Timecode and frame number for people. */
    text: region(1, 10, 14, 12),
    /** White while it flashes. */
    flash: region(14, 10, 20, 12),
    /** A cell of the code; columns 0 and 17 are markers. */
    codeCell: (column: number, row: number): Region =>
      region(codeLeft + column, codeTop + row, codeLeft + column + 1, codeTop + row + 1),
  };
}

export type PatternLayout = ReturnType<typeof patternLayout>;

/** Whether the marker of a row is white: left white, black, white; right the other way round. */
export function markerIsWhite(side: 'left' | 'right', row: number): boolean {
  return (row % 2 === 0) === (side === 'left');
}

function edge(index: number, count: number, length: number): number {
  return index === count ? length : Math.round((index * length) / count / 2) * 2;
}
