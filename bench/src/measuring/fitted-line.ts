/** `y = at0 + each * x`. */
export interface FittedLine {
  readonly at0: number;
  readonly each: number;
  /** How much of the differences between the points the line explains, 0 to 1; 1 if there are none. */
  readonly r2: number;
}

/** The line with the least squares through points `[x, y]`, of which two lie apart. */
export function fittedLine(points: readonly (readonly [x: number, y: number])[]): FittedLine {
  const middle = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x0, y0] = [middle(0), middle(1)];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of points) {
    xx += (x - x0) ** 2;
    xy += (x - x0) * (y - y0);
    yy += (y - y0) ** 2;
  }
  if (!(xx > 0)) throw new RangeError(`a line needs two points that lie apart, not ${JSON.stringify(points)}`);
  const each = xy / xx;
  return { at0: y0 - each * x0, each, r2: yy === 0 ? 1 : xy ** 2 / (xx * yy) };
}
