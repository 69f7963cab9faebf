import { checkKeys, invalidArgument, type Micros, outOfRange } from '@sluice/core';
import type { Picture } from '@sluice/core/kernels';
import { frameTime } from '../../options/exact-frame-rate.ts';
import { codeBits, decodePatternCode } from './pattern-code.ts';
import { codeColumns, codeRows, gridColumns, gridRows, markerIsWhite, type Region } from './pattern-layout.ts';
import { PictureLight } from './picture-light.ts';

/** What a picture of the test pattern says. */
export interface TestPatternReading {
  /** 0 to 2^24 - 1, then from 0 again. */
  readonly frameNumber: number;
  /** Media time of the frame at its source in microseconds; undefined if the rate is none that the code can name. */
  readonly timestamp: Micros | undefined;
  /** Whether the patch at the bottom right is lit. */
  readonly flash: boolean;
}

/** Where in a frame {@link readTestPattern} looks for the pattern. */
export interface ReadTestPatternOptions {
  /** Where in the frame the picture is, in whole pixels: a tile of a grid, a letterboxed picture. Default: all of it. */
  readonly region?:
    | { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
    | undefined;
}

/** Black and white of the markers must be apart by this much of 255. */
const LEAST_CONTRAST = 40;

/**
 * Reads what `fromTestPattern` put into a picture: in any format, at any size from about 80x48, after scaling (also by
 * unlike factors), noise and compression.
 *
 * @returns undefined when the markers are not there or the check of the code fails, which one picture in 65,536
 *   passes by chance even if it looks like markers and blocks.
 * @example
 * ```ts
 * import { fromTestPattern, readTestPattern } from '@sluice/nodes';
 *
 * fromTestPattern({ frames: 3 }).subscribe((frame) => {
 *   console.log(readTestPattern(frame)); // { frameNumber: 0, timestamp: 0, flash: true } and on
 *   frame.close();
 * });
 * ```
 * @param frame - A `VideoFrame`, or any picture with the same four fields; it stays the caller's.
 */
export function readTestPattern(frame: Picture, options: ReadTestPatternOptions = {}): TestPatternReading | undefined {
  checkKeys<ReadTestPatternOptions>('readTestPattern', options, { region: true });
  const { region } = options;
  const light = new PictureLight(frame, partOf(frame, region));
  const cell = (column: number, row: number) =>
    light.middle((column + 1) / gridColumns, (row + 7) / gridRows, (column + 2) / gridColumns, (row + 8) / gridRows);
  let lightest = 0;
  let darkest = 255;
  let white = 255;
  let black = 0;
  for (let row = 0; row < codeRows; row++)
    for (const side of ['left', 'right'] as const) {
      const level = cell(side === 'left' ? 0 : codeColumns + 1, row);
      if (markerIsWhite(side, row)) white = Math.min(white, level);
      else black = Math.max(black, level);
      lightest = Math.max(lightest, level);
      darkest = Math.min(darkest, level);
    }
  if (white - black < LEAST_CONTRAST) return undefined;
  const threshold = (lightest + darkest) / 2;
  const bits = Array.from(
    { length: codeBits },
    (_, bit) => cell(1 + (bit % codeColumns), Math.floor(bit / codeColumns)) > threshold,
  );
  const code = decodePatternCode(bits);
  if (code === undefined) return undefined;
  return {
    frameNumber: code.frameNumber,
    timestamp: code.rate === undefined ? undefined : frameTime(code.frameNumber, code.rate),
    flash: light.middle(14 / gridColumns, 10 / gridRows, 1, 1) > threshold,
  };
}

function partOf({ width, height }: Picture, region: ReadTestPatternOptions['region']): Region {
  if (region === undefined) return { left: 0, top: 0, right: width, bottom: height };
  const part = { left: region.x, top: region.y, right: region.x + region.width, bottom: region.y + region.height };
  if (!Object.values(part).every(Number.isInteger))
    throw invalidArgument('region', 'x, y, width, height in pixels', region);
  const inside = part.left >= 0 && part.top >= 0 && part.right <= width && part.bottom <= height;
  if (!inside || region.width < 1 || region.height < 1)
    throw outOfRange('region', `a part of the ${width}x${height} pixels`, region);
  return part;
}
