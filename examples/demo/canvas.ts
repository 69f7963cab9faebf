import type { VideoFrame } from '@sluice/core';
import { PNG } from 'pngjs';
import { textStrokes } from './stroke-font.ts';

export type Color = readonly [red: number, green: number, blue: number];

/** Pixels that shapes are blended onto, their edges smoothed. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #png: PNG;

  constructor(width: number, height: number, background: Color) {
    this.width = width;
    this.height = height;
    this.#png = new PNG({ width, height });
    for (let at = 0; at < this.#png.data.length; at += 4) this.#png.data.set([...background, 255], at);
  }

  /** A rectangle; edges between pixels cover them in part. */
  fill(left: number, top: number, right: number, bottom: number, color: Color, opacity = 1): void {
    for (let y = Math.floor(top); y < bottom; y++)
      for (let x = Math.floor(left); x < right; x++) {
        const across = Math.min(right, x + 1) - Math.max(left, x);
        const down = Math.min(bottom, y + 1) - Math.max(top, y);
        this.#blend(x, y, color, opacity * across * down);
      }
  }

  /** A text of capital height `size`, its upper left corner at (x, y). */
  text(text: string, x: number, y: number, size: number, color: Color): void {
    const radius = size / 13;
    const cover = new Map<number, number>();
    for (const [[ax, ay], [bx, by]] of textStrokes(text, x, y, size))
      for (let py = Math.floor(Math.min(ay, by) - 2); py <= Math.max(ay, by) + 2; py++)
        for (let px = Math.floor(Math.min(ax, bx) - 2); px <= Math.max(ax, bx) + 2; px++) {
          const inside = Math.min(1, radius + 0.5 - distance(px + 0.5, py + 0.5, ax, ay, bx, by));
          const key = py * this.width + px;
          if (inside > (cover.get(key) ?? 0)) cover.set(key, inside);
        }
    for (const [key, inside] of cover) this.#blend(key % this.width, Math.floor(key / this.width), color, inside);
  }

  /** The pixels of an RGB frame as they are, its upper left corner at (x, y). */
  picture(x: number, y: number, { width, height, data }: VideoFrame): void {
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const from = (row * width + column) * 3;
        this.#blend(x + column, y + row, [data[from]!, data[from + 1]!, data[from + 2]!], 1);
      }
  }

  png(): Buffer {
    return PNG.sync.write(this.#png);
  }

  #blend(x: number, y: number, color: Color, opacity: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height || opacity <= 0) return;
    const at = (y * this.width + x) * 4;
    const { data } = this.#png;
    for (let part = 0; part < 3; part++)
      data[at + part] = Math.round(data[at + part]! + (color[part]! - data[at + part]!) * opacity);
  }
}

/** From a point to a stretch of a line. */
function distance(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1);
  const nearest = Math.max(0, Math.min(1, along));
  return Math.hypot(px - ax - nearest * dx, py - ay - nearest * dy);
}
