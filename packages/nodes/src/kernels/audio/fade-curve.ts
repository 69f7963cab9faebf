/** Shapes of a fade: `linear` in amplitude, `equal-power` (a quarter sine), `smooth` (a raised cosine), `exponential`
 * (60 dB, even steps for the ear). */
export const fadeShapes = ['linear', 'equal-power', 'smooth', 'exponential'] as const;
/** How the level of a fade goes over time. */
export type FadeShape = (typeof fadeShapes)[number];

/** The gain at `position` (0 to 1) of a fade from silence to full level. */
export function fadeGain(shape: FadeShape, position: number): number {
  if (position <= 0) return 0;
  if (position >= 1) return 1;
  switch (shape) {
    case 'linear':
      return position;
    case 'equal-power':
      return Math.sin((position * Math.PI) / 2);
    case 'smooth':
      return 0.5 - 0.5 * Math.cos(position * Math.PI);
    case 'exponential':
      return (10 ** (3 * position) - 1) / 999;
  }
}
