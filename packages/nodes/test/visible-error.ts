import type { Picture } from '@sluice/core/kernels';

const alphaPlaces = { RGBA: 3, BGRA: 3, ARGB: 0, ABGR: 0, RGB: undefined, I420: undefined } as const;

/**
 * By how many levels two pictures of one format differ at most where it is seen: the difference of colours counts as much
 * as they are opaque, that of alphas whole.
 */
export function visibleError(expected: Picture, got: Picture): number {
  const place = alphaPlaces[expected.format];
  let most = 0;
  for (const [at, value] of expected.data.entries()) {
    const pixel = at - (at % 4);
    const opaque = place === undefined || at === pixel + place ? 1 : expected.data[pixel + place]! / 255;
    most = Math.max(most, Math.abs(value - got.data[at]!) * opaque);
  }
  return most;
}
