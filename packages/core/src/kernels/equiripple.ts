/** The response is 0 at this distance and further, in sample periods of the lower rate. */
export const equirippleReach = 40;

/** Gains below the first of `edge` are 1. */
const firstOfEdge = 6;

/**
 * Gains at the multiples of 1/80 of the lower rate, by linear programming: of all that stray by at most 0.0054 up to 0.9 of
 * its Nyquist frequency, those with the lowest stop band (-95 dB) from there on. What lies further out counts for more,
 * (f / 0.7) ** 1.5 at f times the rate, because many images fall onto one frequency. Kaiser's window allows the pass band
 * as little as the stop band and takes 112 periods for the same.
 */
const edge = [
  1.00463, 0.9946, 1.00503, 0.995909, 1.00285, 0.998498, 1.0001, 1.0012, 0.997626, 1.00339, 0.995758, 1.0049, 0.994741,
  1.0054, 0.994659, 1.00501, 0.99556, 1.00372, 0.997152, 1.00175, 0.999354, 0.999516, 1.00164, 0.997265, 1.00364,
  0.995619, 1.00496, 0.994784, 1.00536, 0.994925, 0.9946, 0.718609, 0.239519, 0.022459, 0.000017, -0.000014,
];

/** What the terms of the sum of cosines are multiplied with: each but the first stands for two frequencies. */
const weights = Float64Array.from({ length: firstOfEdge + edge.length }, (_, k) =>
  k === 0 ? 1 : 2 * (edge[k - firstOfEdge] ?? 1),
);

/** The impulse response of a low-pass at `periods` sample periods of the lower rate from its centre, not normalized. */
export function equiripple(periods: number): number {
  if (Math.abs(periods) > equirippleReach) return 0;
  // Clenshaw's recurrence: one cosine for all terms.
  const cosine = Math.cos((Math.PI * periods) / equirippleReach);
  let [next, afterNext] = [0, 0];
  for (let k = weights.length - 1; k > 0; k--) {
    const sum = weights[k]! + 2 * cosine * next - afterNext;
    afterNext = next;
    next = sum;
  }
  return weights[0]! + cosine * next - afterNext;
}
