type Point = readonly [x: number, y: number];
type Line = readonly Point[];

interface Glyph {
  readonly width: number;
  readonly lines: readonly Line[];
}

/** Part of an ellipse, angles in degrees, clockwise from the right. */
function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Line {
  const steps = 20;
  return Array.from({ length: steps + 1 }, (_, step) => {
    const angle = ((from + ((to - from) * step) / steps) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)] as const;
  });
}

const glyph = (width: number, ...lines: Line[]): Glyph => ({ width, lines });

/** Capital height 6, baseline at 6, y downwards: the signs that a time axis and its labels need. */
const glyphs: Readonly<Record<string, Glyph>> = {
  ' ': glyph(1.2),
  '.': glyph(0.6, [
    [0.3, 5.9],
    [0.3, 6],
  ]),
  '0': glyph(4, arc(2, 3, 1.8, 3, 0, 360)),
  '1': glyph(4, [
    [0.9, 1.2],
    [2.4, 0],
    [2.4, 6],
  ]),
  '2': glyph(4, [...arc(2, 1.7, 1.65, 1.7, -165, 35), [0.3, 6], [3.8, 6]]),
  '3': glyph(4, arc(1.9, 1.5, 1.5, 1.5, -150, 90), arc(1.9, 4.45, 1.75, 1.55, -90, 150)),
  '4': glyph(4, [
    [3, 6],
    [3, 0],
    [0.2, 4.2],
    [4, 4.2],
  ]),
  '5': glyph(4, [[3.5, 0], [0.8, 0], [0.6, 2.8], ...arc(1.9, 4.1, 1.8, 1.9, -135, 145)]),
  '6': glyph(4, arc(2, 4.15, 1.75, 1.85, 0, 360), [
    [0.25, 4.1],
    [0.9, 2.1],
    [2.9, 0],
  ]),
  '7': glyph(4, [
    [0.3, 0],
    [3.7, 0],
    [1.6, 6],
  ]),
  '8': glyph(4, arc(2, 1.45, 1.45, 1.45, 0, 360), arc(2, 4.45, 1.75, 1.55, 0, 360)),
  '9': glyph(4, arc(2, 1.85, 1.75, 1.85, 0, 360), [
    [3.75, 1.9],
    [3.1, 3.9],
    [1.1, 6],
  ]),
  B: glyph(
    3.8,
    [
      [1.9, 3],
      [0.3, 3],
      [0.3, 0],
      [1.9, 0],
    ],
    arc(1.9, 1.5, 1.4, 1.5, -90, 90),
    [
      [1.9, 3],
      [0.3, 3],
      [0.3, 6],
      [1.9, 6],
    ],
    arc(1.9, 4.5, 1.7, 1.5, -90, 90),
  ),
  a: glyph(3.2, arc(1.55, 4, 1.35, 2, 0, 360), [
    [2.95, 2],
    [2.95, 6],
  ]),
  c: glyph(3, arc(1.7, 4, 1.45, 2, -50, -310)),
  d: glyph(3.2, arc(1.55, 4, 1.35, 2, 0, 360), [
    [2.95, 0],
    [2.95, 6],
  ]),
  e: glyph(3.2, [[0.3, 4], [2.9, 4], ...arc(1.6, 4, 1.35, 2, 0, -310)]),
  g: glyph(
    3.2,
    arc(1.55, 4, 1.35, 2, 0, 360),
    [
      [2.95, 2],
      [2.95, 6.4],
    ],
    arc(1.55, 6.4, 1.4, 1.5, 0, 140),
  ),
  i: glyph(
    0.8,
    [
      [0.4, 2],
      [0.4, 6],
    ],
    [
      [0.4, 0.4],
      [0.4, 0.5],
    ],
  ),
  n: glyph(
    3.2,
    [
      [0.3, 2],
      [0.3, 6],
    ],
    [...arc(1.6, 3.5, 1.3, 1.5, -180, 0), [2.9, 6]],
  ),
  o: glyph(3, arc(1.5, 4, 1.3, 2, 0, 360)),
  p: glyph(3.2, arc(1.65, 4, 1.35, 2, 0, 360), [
    [0.3, 2],
    [0.3, 8],
  ]),
  r: glyph(
    2.4,
    [
      [0.3, 2],
      [0.3, 6],
    ],
    arc(1.7, 3.8, 1.4, 1.8, -180, -75),
  ),
  s: glyph(3, [
    [2.7, 2.7],
    [2.2, 2.15],
    [1.4, 2],
    [0.6, 2.25],
    [0.3, 2.95],
    [0.6, 3.6],
    [1.5, 4],
    [2.4, 4.4],
    [2.75, 5.1],
    [2.4, 5.8],
    [1.5, 6],
    [0.6, 5.8],
    [0.2, 5.2],
  ]),
  t: glyph(
    2.6,
    [
      [1, 0.6],
      [1, 5.2],
      [1.3, 5.8],
      [1.9, 6],
      [2.4, 5.9],
    ],
    [
      [0, 2],
      [2.3, 2],
    ],
  ),
  v: glyph(3, [
    [0.1, 2],
    [1.5, 6],
    [2.9, 2],
  ]),
};

const SPACING = 1.1;

export function textWidth(text: string, size: number): number {
  const units = [...text].reduce((sum, sign) => sum + (glyphs[sign]?.width ?? 0) + SPACING, -SPACING);
  return (units * size) / 6;
}

/** The strokes of a text of capital height `size` whose upper left corner is at (x, y), as pairs of points. */
export function textStrokes(text: string, x: number, y: number, size: number): (readonly [Point, Point])[] {
  const scale = size / 6;
  const strokes: (readonly [Point, Point])[] = [];
  let left = x;
  for (const sign of text) {
    const { width, lines } = glyphs[sign] ?? glyph(0);
    const place = ([px, py]: Point): Point => [left + px * scale, y + py * scale];
    for (const line of lines)
      for (let index = 1; index < line.length; index++) strokes.push([place(line[index - 1]!), place(line[index]!)]);
    left += (width + SPACING) * scale;
  }
  return strokes;
}
