// A face of a few ellipses, and how far its mouth is open where somebody sees it.
import type { VideoFrame } from '@sluice/core';

export const face = { width: 320, height: 240 } as const;

type Color = readonly [red: number, green: number, blue: number];
const wall: Color = [64, 96, 128];
const skin: Color = [240, 200, 160];
const ink: Color = [60, 40, 40];
const lips: Color = [90, 20, 40];

/** Half of the mouth's height when it is wide open, and when it is shut. */
const [OPEN, SHUT] = [32, 2];
const mouth = { x: 160, y: 165, halfWidth: 44 };

/** The pixels of a face, RGB. `opening` from 0 to 1. */
export function drawFace(opening: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(face.width * face.height * 3);
  ellipse(pixels, 160, 120, 320, 240, wall);
  ellipse(pixels, 160, 120, 96, 112, skin);
  for (const x of [122, 198]) ellipse(pixels, x, 90, 10, 12, ink);
  ellipse(pixels, mouth.x, mouth.y, mouth.halfWidth, SHUT + opening * (OPEN - SHUT), lips);
  return pixels;
}

/** How far the mouth of a received picture is open, 0 to 1: its dark pixels in a strip through the middle. RGB. */
export function readOpening({ data, width }: VideoFrame): number {
  let dark = 0;
  for (let x = mouth.x - 4; x < mouth.x + 4; x++)
    for (let y = mouth.y - OPEN - 4; y < mouth.y + OPEN + 4; y++)
      if (data[(y * width + x) * 3]! < (skin[0] + lips[0]) / 2) dark++;
  return Math.max(0, Math.min(1, (dark / 16 - SHUT) / (OPEN - SHUT)));
}

function ellipse(pixels: Uint8Array, x: number, y: number, halfWidth: number, halfHeight: number, color: Color): void {
  const bound = (value: number, most: number) => Math.max(0, Math.min(most, Math.round(value)));
  for (let row = bound(y - halfHeight, face.height); row < bound(y + halfHeight, face.height); row++) {
    const half = halfWidth * Math.sqrt(Math.max(0, 1 - ((row + 0.5 - y) / halfHeight) ** 2));
    for (let column = bound(x - half, face.width); column < bound(x + half, face.width); column++)
      pixels.set(color, (row * face.width + column) * 3);
  }
}
