// Brightness and grey of bytes in place, with 128-bit integer vectors (AssemblyScript). Addresses and counts are bytes.

/** Weights are in units of 1/4096, what is added in units of 1/64 of a level. */
const addedScale: i16 = 64;

/**
 * Each byte becomes `(byte * weight + 64 * added) >> 12`, at most 255 and at least 0. At `lanes` are 16 pairs of words, a
 * weight and what is added, for 16 neighbouring bytes. `count` is a multiple of 16.
 */
export function adjust(at: usize, count: i32, lanes: usize): void {
  const a = v128.load(lanes);
  const b = v128.load(lanes, 16);
  const c = v128.load(lanes, 32);
  const d = v128.load(lanes, 48);
  const one = i8x16.splat(<i8>addedScale);
  for (const end = at + <usize>count; at < end; at += 16) {
    const bytes = v128.load(at);
    const left = i8x16.shuffle(bytes, one, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const right = i8x16.shuffle(bytes, one, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const first = i32x4.shr_s(i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(left), a), 12);
    const second = i32x4.shr_s(i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(left), b), 12);
    const third = i32x4.shr_s(i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(right), c), 12);
    const fourth = i32x4.shr_s(i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(right), d), 12);
    const words = i16x8.narrow_i32x4_s(first, second);
    v128.store(at, i8x16.narrow_i16x8_u(words, i16x8.narrow_i32x4_s(third, fourth)));
  }
}

/** The luma of four pixels of four bytes, one in each word: `weights` in units of 1/32768, for two pixels. */
function luma(pixels: v128, weights: v128): v128 {
  const left = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(pixels), weights);
  const right = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(pixels), weights);
  const even = i8x16.shuffle(left, right, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
  const odd = i8x16.shuffle(left, right, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  return i32x4.shr_s(i32x4.add(i32x4.add(even, odd), i32x4.splat(1 << 14)), 15);
}

/** Pixels of four bytes; those that are set in the vector at `kept` stay. `count` is a multiple of 16. */
export function grey4(at: usize, count: i32, weights: usize, kept: usize): void {
  const shares = v128.load(weights);
  const stay = v128.load(kept);
  for (const end = at + <usize>count; at < end; at += 16) {
    const pixels = v128.load(at);
    const grey = i8x16.swizzle(luma(pixels, shares), i8x16(0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12));
    v128.store(at, v128.bitselect(pixels, grey, stay));
  }
}

/** Pixels of three bytes; `count` is a multiple of 12, and 4 bytes beyond it are read. */
export function grey3(at: usize, count: i32, weights: usize): void {
  const shares = v128.load(weights);
  for (const end = at + <usize>count; at < end; at += 12) {
    const pixels = i8x16.swizzle(v128.load(at), i8x16(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1));
    const grey = i8x16.swizzle(luma(pixels, shares), i8x16(0, 0, 0, 4, 4, 4, 8, 8, 8, 12, 12, 12, 12, 12, 12, 12));
    v128.store64_lane(at, grey, 0);
    v128.store32_lane(at, grey, 2, 8);
  }
}
