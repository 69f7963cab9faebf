// Pictures of sound: axes, pixels, files. No operator.

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A text beside a plot: where its baseline is, and which end of it is there. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** A part of a picture, in pixels. */
export interface PlotArea {
  /** Of its first column, counted from 0 at the picture's left edge. */
  readonly left: number;
  /** Of its first row, counted from 0 at the picture's upper edge. */
  readonly top: number;
  /** Columns that it has. */
  readonly width: number;
  /** Rows that it has. */
  readonly height: number;
}

const background: Rgb = [16, 18, 24];

/** Pixels, line by line, and the labels that are put over them. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly labels: Label[] = [];

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(3 * width * height);
    this.fill({ left: 0, top: 0, width, height }, background);
  }

  paint(x: number, y: number, [red, green, blue]: Rgb): void {
    const at = 3 * (y * this.width + x);
    this.pixels[at] = red;
    this.pixels[at + 1] = green;
    this.pixels[at + 2] = blue;
  }

  fill({ left, top, width, height }: PlotArea, color: Rgb): void {
    for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) this.paint(x, y, color);
  }
}
