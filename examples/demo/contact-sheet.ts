import { Canvas, type Color } from './canvas.ts';

const background: Color = [255, 255, 255];
const ink: Color = [74, 85, 104];
const edge: Color = [223, 228, 234];

const COLUMNS = 4;
const MARGIN = 40;
const GAP = 24;
const CAPTION = 44;
const TEXT = 15;

/** A picture that was received, as it is shown on the sheet. */
export interface SheetPicture {
  readonly width: number;
  readonly height: number;
  /** Bytes red, green, blue, rows without padding. */
  readonly rgb: Uint8Array;
  readonly caption: string;
}

/**
 * Pictures of one size, left to right and top to bottom, each with its caption below.
 *
 * @returns a PNG file.
 */
export function drawContactSheet(pictures: readonly SheetPicture[]): Buffer {
  const { width = 320, height = 180 } = pictures[0] ?? {};
  const columns = Math.max(1, Math.min(COLUMNS, pictures.length));
  const rows = Math.max(1, Math.ceil(pictures.length / COLUMNS));
  const [across, down] = [width + GAP, height + CAPTION];
  const canvas = new Canvas(2 * MARGIN + columns * across - GAP, 2 * MARGIN + rows * down, background);
  pictures.forEach((picture, index) => {
    const x = MARGIN + (index % COLUMNS) * across;
    const y = MARGIN + Math.floor(index / COLUMNS) * down;
    canvas.fill(x - 1, y - 1, x + picture.width + 1, y + picture.height + 1, edge);
    canvas.picture(x, y, picture);
    canvas.text(picture.caption, x, y + picture.height + 12, TEXT, ink);
  });
  return canvas.png();
}
