import { SluiceError } from '@sluice/core';
import { hdHeight, type Y4mHeader } from './y4m-header.ts';

/** What a file leaves open, or frames cannot carry, and what is made of it; `colorsGiven` by an option. */
export function y4mDoubts(header: Y4mHeader, colorsGiven: boolean): readonly SluiceError[] {
  const { width, height, colorSpace, tellsMatrix, pixelAspect } = header;
  const doubts: SluiceError[] = [];
  if (height >= hdHeight && !tellsMatrix && !colorsGiven)
    doubts.push(
      new SluiceError('SLUICE_Y4M_GUESSED', `the Y4M file of ${height} lines does not say its colour matrix`, {
        expected: 'XMATRIX=709 or XMATRIX=601 in its header',
        received: `neither; it is read as ${colorSpace}`,
        fix: "Give colorSpace: 'bt709' for what GStreamer and most HD sources write, 'bt601' for what ffmpeg converts by default",
      }),
    );
  if (pixelAspect !== undefined && pixelAspect !== 1)
    doubts.push(
      new SluiceError('SLUICE_Y4M_GUESSED', `the pixels of the Y4M file are not square, and frames do not carry that`, {
        expected: 'A1:1',
        received: `pixels ${pixelAspect.toFixed(3)} times as wide as high`,
        fix: `Put scale({ width: ${Math.round(width * pixelAspect)}, height: ${height}, fit: 'fill' }) behind it`,
      }),
    );
  return doubts;
}
