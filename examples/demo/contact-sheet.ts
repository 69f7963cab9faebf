import { Canvas, type Color } from './canvas.ts';
import type { JudgedPicture } from './picture-watch.ts';
import { testPicture } from './test-picture.ts';

const background: Color = [255, 255, 255];
const ink: Color = [74, 85, 104];
const edge: Color = [223, 228, 234];

const COLUMNS = 4;
const MARGIN = 40;
const GAP = 24;
const CAPTION = 44;
const TEXT = 15;
/**
 * Pictures of one size, left to right and top to bottom, each with its time and likeness below.
 *
 * @returns a PNG file.
 */
export function drawContactSheet(pictures: readonly JudgedPicture[]): Buffer {
  const { width, height } = pictures[0]?.small ?? testPicture;
  const columns = Math.max(1, Math.min(COLUMNS, pictures.length));
  const rows = Math.max(1, Math.ceil(pictures.length / COLUMNS));
  const [across, down] = [width + GAP, height + CAPTION];
  const canvas = new Canvas(2 * MARGIN + columns * across - GAP, 2 * MARGIN + rows * down, background);
  pictures.forEach((picture, index) => {
    const x = MARGIN + (index % COLUMNS) * across;
    const y = MARGIN + Math.floor(index / COLUMNS) * down;
    const { small } = picture;
    canvas.fill(x - 1, y - 1, x + small.width + 1, y + small.height + 1, edge);
    canvas.picture(x, y, small);
    canvas.text(caption(picture), x, y + small.height + 12, TEXT, ink);
  });
  return canvas.png();
}

function caption({ frameNumber, psnrDb }: JudgedPicture): string {
  const time = `${(frameNumber / testPicture.frameRate).toFixed(2)} s`;
  return psnrDb === undefined ? time : `${time}  ${psnrDb.toFixed(1)} dB`;
}
