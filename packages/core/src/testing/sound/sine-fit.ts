/** `cosine * cos(w n) + sine * sin(w n) + offset`, with n counted from the start of the fitted array. */
export interface SineFit {
  readonly cosine: number;
  readonly sine: number;
  readonly offset: number;
  readonly amplitude: number;
  /** Phase of `amplitude * cos(w n + phase)`, in radians. */
  readonly phase: number;
  /** Root mean square of what the sine does not explain, in sample units. */
  readonly residual: number;
}

/**
 * The sine of `omega` radians a sample that is nearest to `samples[start..end)` in the least-squares sense, with a
 * constant offset. No window: all samples count the same, and a block need not hold whole periods.
 */
export function fitSine(samples: ArrayLike<number>, omega: number, start = 0, end = samples.length): SineFit {
  const basis = new Float64Array(3);
  const normal = new Float64Array(9);
  const right = new Float64Array(3);
  forEachPhasor(omega, start, end, (index, cosine, sine) => {
    basis[0] = cosine;
    basis[1] = sine;
    basis[2] = 1;
    accumulate(normal, right, basis, samples[index]!);
  });
  const [a = 0, b = 0, c = 0] = solve(normal, right);
  let error = 0;
  forEachPhasor(omega, start, end, (index, cosine, sine) => {
    error += (samples[index]! - a * cosine - b * sine - c) ** 2;
  });
  return {
    cosine: a,
    sine: b,
    offset: c,
    amplitude: Math.hypot(a, b),
    phase: Math.atan2(-b, a),
    residual: Math.sqrt(error / Math.max(1, end - start)),
  };
}

/**
 * Moves `omega` to where the least-squares fit is best: Gauss-Newton on amplitude, phase, offset and frequency together
 * (the four-parameter fit of IEEE 1057). Converges if `omega` is within half a period over the whole length.
 */
export function refineOmega(samples: ArrayLike<number>, omega: number): number {
  const middle = samples.length / 2;
  let refined = omega;
  for (let round = 0; round < 12; round++) {
    const fit = fitSine(samples, refined);
    const basis = new Float64Array(4);
    const normal = new Float64Array(16);
    const right = new Float64Array(4);
    forEachPhasor(refined, 0, samples.length, (index, cosine, sine) => {
      basis[0] = cosine;
      basis[1] = sine;
      basis[2] = 1;
      basis[3] = ((index - middle) / middle) * (fit.sine * cosine - fit.cosine * sine);
      accumulate(normal, right, basis, samples[index]!);
    });
    const step = (solve(normal, right)[3] ?? 0) / middle;
    refined += step;
    if (!(refined > 0 && refined < Math.PI)) return omega;
    if (Math.abs(step) < 1e-12) break;
  }
  return refined;
}

/** Calls `body` with cos and sin of `omega * (index - start)`; a rotation that is set right every 1,024 samples. */
export function forEachPhasor(
  omega: number,
  start: number,
  end: number,
  body: (index: number, cosine: number, sine: number) => void,
): void {
  const stepCosine = Math.cos(omega);
  const stepSine = Math.sin(omega);
  let cosine = 1;
  let sine = 0;
  for (let index = start; index < end; index++) {
    if (((index - start) & 1023) === 0) {
      cosine = Math.cos(omega * (index - start));
      sine = Math.sin(omega * (index - start));
    }
    body(index, cosine, sine);
    const turned = cosine * stepCosine - sine * stepSine;
    sine = sine * stepCosine + cosine * stepSine;
    cosine = turned;
  }
}

function accumulate(normal: Float64Array, right: Float64Array, basis: Float64Array, value: number): void {
  const order = basis.length;
  for (let row = 0; row < order; row++) {
    right[row] = right[row]! + basis[row]! * value;
    for (let column = 0; column < order; column++)
      normal[row * order + column] = normal[row * order + column]! + basis[row]! * basis[column]!;
  }
}

/** Gaussian elimination with pivoting; a singular direction gets 0. Overwrites its arguments. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const order = right.length;
  for (let column = 0; column < order; column++) {
    let pivot = column;
    for (let row = column + 1; row < order; row++)
      if (Math.abs(matrix[row * order + column]!) > Math.abs(matrix[pivot * order + column]!)) pivot = row;
    if (Math.abs(matrix[pivot * order + column]!) < 1e-9) continue;
    swapRows(matrix, right, column, pivot);
    for (let row = 0; row < order; row++) {
      if (row === column) continue;
      const factor = matrix[row * order + column]! / matrix[column * order + column]!;
      for (let at = column; at < order; at++)
        matrix[row * order + at] = matrix[row * order + at]! - factor * matrix[column * order + at]!;
      right[row] = right[row]! - factor * right[column]!;
    }
  }
  return right.map((value, row) => {
    const diagonal = matrix[row * order + row]!;
    return Math.abs(diagonal) < 1e-9 ? 0 : value / diagonal;
  });
}

function swapRows(matrix: Float64Array, right: Float64Array, a: number, b: number): void {
  if (a === b) return;
  const order = right.length;
  for (let column = 0; column < order; column++) {
    const kept = matrix[a * order + column]!;
    matrix[a * order + column] = matrix[b * order + column]!;
    matrix[b * order + column] = kept;
  }
  const kept = right[a]!;
  right[a] = right[b]!;
  right[b] = kept;
}
