import type { MediaPacket } from '../../protocol/media-packet.ts';

/** Draws a small picture as large as it is. */
export function drawPicture(canvas: HTMLCanvasElement, { payload, rate: width }: MediaPacket): void {
  const height = payload.length / 4 / width;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const pixels = new Uint8ClampedArray(payload.length);
  pixels.set(payload);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
}
