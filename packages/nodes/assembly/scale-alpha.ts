// Weighted sums of pixels with an alpha of their own, with 128-bit vectors (AssemblyScript): colours count as much as they
// are opaque, so that hidden ones do not bleed. Addresses are bytes; pixels have four, their alpha first or last. Words
// are premultiplied: 1/64 of a level. Weights are as in scale.ts. Up to 15 bytes beyond a row of bytes and 30 beyond a row
// of words are read and written.

/** Whether all pixels of a row are opaque. */
export function isOpaque(row: usize, width: i32, alphaFirst: i32): bool {
  const mask = i32x4.splat(alphaFirst !== 0 ? 0xff : 0xff000000);
  const end = row + ((<usize>width) << 2);
  let a = mask;
  let b = mask;
  for (; row + 64 <= end; row += 64) {
    a = v128.and(a, v128.and(v128.load(row), v128.load(row, 16)));
    b = v128.and(b, v128.and(v128.load(row, 32), v128.load(row, 48)));
  }
  const all = v128.and(a, b);
  if (!i32x4.all_true(i32x4.eq(all, mask))) return false;
  const alpha: usize = alphaFirst !== 0 ? 0 : 3;
  for (; row < end; row += 4) if (load<u8>(row + alpha) !== 255) return false;
  return true;
}

/** Eight bytes of two pixels by their alphas, as premultiplied words: within one of them. */
function premultiplied(bytes: v128, alphas: v128): v128 {
  // Halves, as they fit into words with a sign; 128 / 255 of 32,768.
  return i16x8.q15mulr_sat_s(i16x8.avgr_u(i16x8.mul(bytes, alphas), i16x8.splat(0)), i16x8.splat(16448));
}

/** A row of pixels as premultiplied words, the alpha last. */
export function premultiply(row: usize, width: i32, alphaFirst: i32, target: usize): void {
  const alphaLast = alphaFirst !== 0 ? i8x16(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12) : inOrder();
  for (; width > 0; width -= 4) {
    const bytes = i8x16.swizzle(v128.load(row), alphaLast);
    const spread = i8x16.shuffle(bytes, bytes, 3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
    // The alpha itself counts whole.
    const alphas = v128.or(spread, i32x4.splat(0xff000000));
    v128.store(target, premultiplied(i16x8.extend_low_i8x16_u(bytes), i16x8.extend_low_i8x16_u(alphas)));
    v128.store(target, premultiplied(i16x8.extend_high_i8x16_u(bytes), i16x8.extend_high_i8x16_u(alphas)), 16);
    row += 16;
    target += 32;
  }
}

function inOrder(): v128 {
  return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** Sums `taps` rows of words, an even number, whose addresses are the words of 32 bits at `rows`; `width` counts words. */
export function mixWordRows(rows: usize, weights: usize, taps: i32, width: i32, target: usize): void {
  const half = i32x4.splat(1 << 13);
  const lastRow = rows + ((<usize>taps) << 2);
  for (let x: usize = 0; x < (<usize>width) << 1; x += 16) {
    let a = half;
    let b = half;
    let weight = weights;
    for (let row = rows; row < lastRow; row += 8) {
      const upper = v128.load(<usize>load<u32>(row) + x);
      const lower = v128.load(<usize>load<u32>(row, 4) + x);
      const pair = v128.load32_splat(weight);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.shuffle<u16>(upper, lower, 0, 8, 1, 9, 2, 10, 3, 11), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.shuffle<u16>(upper, lower, 4, 12, 5, 13, 6, 14, 7, 15), pair));
      weight += 4;
    }
    v128.store(target, i16x8.narrow_i32x4_s(i32x4.shr_s(a, 14), i32x4.shr_s(b, 14)));
    target += 16;
  }
}

/** The sums of a pixel's channels, of 2^20 a level. */
function pixel(pixels: usize, weights: usize, bytes: usize): v128 {
  let sums = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 4) {
    const both = v128.load(pixels);
    const pairs = v128.shuffle<u16>(both, both, 0, 4, 1, 5, 2, 6, 3, 7);
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(pairs, v128.load32_splat(weights + at)));
    pixels += 16;
  }
  return f32x4.convert_i32x4_s(sums);
}

/** From 0 to 255, to the nearest level: what lies below the point of a number of 2^23. */
function toLevels(exact: v128): v128 {
  const level = f32x4.pmin(f32x4.splat(255), f32x4.pmax(f32x4.splat(0), exact));
  return v128.and(f32x4.add(level, f32x4.splat(8388608)), i32x4.splat(0xff));
}

/** Four pixels at a time, each of an even number of taps, from premultiplied words to bytes that are not. */
export function mixAlphaPixels(
  source: usize,
  firsts: usize,
  weights: usize,
  taps: i32,
  width: i32,
  target: usize,
  alphaFirst: i32,
): void {
  const order = alphaFirst !== 0 ? i8x16(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14) : inOrder();
  const bytes = (<usize>taps) << 1;
  const level = f32x4.splat(1.0 / 1048576.0);
  for (; width > 0; width -= 4) {
    const a = pixel(source + load<u32>(firsts), weights, bytes);
    const b = pixel(source + load<u32>(firsts, 4), weights + bytes, bytes);
    const c = pixel(source + load<u32>(firsts, 8), weights + 2 * bytes, bytes);
    const d = pixel(source + load<u32>(firsts, 12), weights + 3 * bytes, bytes);
    const alphas = v128.shuffle<u32>(
      v128.shuffle<u32>(a, b, 3, 7, 3, 7),
      v128.shuffle<u32>(c, d, 3, 7, 3, 7),
      0,
      1,
      4,
      5,
    );
    // Nothing of what cannot be seen: less than half a level.
    const seen = f32x4.gt(alphas, f32x4.splat(524288));
    const shares = v128.and(f32x4.div(f32x4.splat(255), f32x4.pmax(f32x4.splat(1), alphas)), seen);
    const p = toLevels(f32x4.mul(a, v128.shuffle<u32>(shares, level, 0, 0, 0, 7)));
    const q = toLevels(f32x4.mul(b, v128.shuffle<u32>(shares, level, 1, 1, 1, 7)));
    const r = toLevels(f32x4.mul(c, v128.shuffle<u32>(shares, level, 2, 2, 2, 7)));
    const t = toLevels(f32x4.mul(d, v128.shuffle<u32>(shares, level, 3, 3, 3, 7)));
    const levels = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(p, q), i16x8.narrow_i32x4_s(r, t));
    v128.store(target, i8x16.swizzle(levels, order));
    firsts += 16;
    weights += 4 * bytes;
    target += 16;
  }
}
