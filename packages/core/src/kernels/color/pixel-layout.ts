import type { ColorFormat } from '../../media/color-format.ts';

export type PackedFormat = Exclude<ColorFormat, 'I420'>;

/** Where the bytes of a packed pixel lie. */
export interface PixelLayout {
  readonly bytes: 3 | 4;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** Undefined where there is none. */
  readonly alpha: number | undefined;
}

export const pixelLayouts: Readonly<Record<PackedFormat, PixelLayout>> = {
  RGBA: { bytes: 4, red: 0, green: 1, blue: 2, alpha: 3 },
  RGB: { bytes: 3, red: 0, green: 1, blue: 2, alpha: undefined },
  ARGB: { bytes: 4, red: 1, green: 2, blue: 3, alpha: 0 },
  ABGR: { bytes: 4, red: 3, green: 2, blue: 1, alpha: 0 },
  BGRA: { bytes: 4, red: 2, green: 1, blue: 0, alpha: 3 },
};
