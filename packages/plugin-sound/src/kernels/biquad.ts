/** A filter of second order, `a0` being 1: `y = b0 x + b1 x' + b2 x'' - a1 y' - a2 y''`. */
export interface Biquad {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/** Far below what 16 bits hold: numbers that fade away for ever become denormal, and slow. */
const NOTHING = 1e-25;

/** A state of a filter, or 0 once nothing is left of it. */
export function settle(state: number): number {
  return state < NOTHING && state > -NOTHING ? 0 : state;
}

/** The gain of a filter at a frequency, as a factor. */
export function gainAt({ b0, b1, b2, a1, a2 }: Biquad, frequency: number, sampleRate: number): number {
  const omega = (2 * Math.PI * frequency) / sampleRate;
  const [c1, s1, c2, s2] = [Math.cos(omega), Math.sin(omega), Math.cos(2 * omega), Math.sin(2 * omega)];
  const above = Math.hypot(b0 + b1 * c1 + b2 * c2, b1 * s1 + b2 * s2);
  return above / Math.hypot(1 + a1 * c1 + a2 * c2, a1 * s1 + a2 * s2);
}
