// Weighted sums of rows and of columns with 128-bit integer vectors (AssemblyScript). Addresses are bytes. Weights are
// 16-bit words of which each set sums to 16384. Sums of rows are words of 1/64 of a level. Up to 15 bytes beyond a row of
// bytes and 30 beyond a row of sums are read and written.

/** Halves of the last digit: of 1/64 of a level, and of a level. */
const rowHalf: i32 = 1 << 7;
const columnHalf: i32 = 1 << 19;

/** Sums `taps` rows of bytes, an even number, whose addresses are the words at `rows`. */
export function mixRows(rows: usize, weights: usize, taps: i32, width: i32, target: usize): void {
  const half = i32x4.splat(rowHalf);
  const lastRow = rows + ((<usize>taps) << 2);
  for (let x: usize = 0; x < <usize>width; x += 16) {
    let a = half;
    let b = half;
    let c = half;
    let d = half;
    let weight = weights;
    for (let row = rows; row < lastRow; row += 8) {
      const upper = v128.load(<usize>load<u32>(row) + x);
      const lower = v128.load(<usize>load<u32>(row, 4) + x);
      const pair = v128.load32_splat(weight);
      const left = i8x16.shuffle(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const right = i8x16.shuffle(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(left), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(left), pair));
      c = i32x4.add(c, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(right), pair));
      d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(right), pair));
      weight += 4;
    }
    v128.store(target, i16x8.narrow_i32x4_s(i32x4.shr_s(a, 8), i32x4.shr_s(b, 8)));
    v128.store(target, i16x8.narrow_i32x4_s(i32x4.shr_s(c, 8), i32x4.shr_s(d, 8)), 16);
    target += 32;
  }
}

/** Words of 20 bits below the point as bytes. */
function toBytes(sums: v128): v128 {
  const levels = i32x4.shr_s(i32x4.add(sums, i32x4.splat(columnHalf)), 20);
  const words = i16x8.narrow_i32x4_s(levels, levels);
  return i8x16.narrow_i16x8_u(words, words);
}

/** Four samples of 2 or 4 taps each, set out as 4; where the taps of each begin are the words at `firsts`, in bytes. */
export function mixFourTaps(source: usize, firsts: usize, weights: usize, width: i32, target: usize): void {
  for (const end = target + <usize>width; target < end; target += 4) {
    let first = v128.load64_zero(source + load<u32>(firsts));
    first = v128.load64_lane(source + load<u32>(firsts, 4), first, 1);
    let second = v128.load64_zero(source + load<u32>(firsts, 8));
    second = v128.load64_lane(source + load<u32>(firsts, 12), second, 1);
    const left = i32x4.dot_i16x8_s(first, v128.load(weights));
    const right = i32x4.dot_i16x8_s(second, v128.load(weights, 16));
    const even = i8x16.shuffle(left, right, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    const odd = i8x16.shuffle(left, right, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    v128.store32_lane(target, toBytes(i32x4.add(even, odd)), 0);
    firsts += 16;
    weights += 32;
  }
}

function dot(samples: usize, weights: usize, bytes: usize): v128 {
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16)
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(samples + at), v128.load(weights + at)));
  return sum;
}

/** Four samples at a time, each of a multiple of 8 taps. */
export function mixManyTaps(source: usize, firsts: usize, weights: usize, taps: i32, width: i32, target: usize): void {
  const bytes = (<usize>taps) << 1;
  for (const end = target + <usize>width; target < end; target += 4) {
    const a = dot(source + load<u32>(firsts), weights, bytes);
    const b = dot(source + load<u32>(firsts, 4), weights + bytes, bytes);
    const c = dot(source + load<u32>(firsts, 8), weights + 2 * bytes, bytes);
    const d = dot(source + load<u32>(firsts, 12), weights + 3 * bytes, bytes);
    const ab = i32x4.add(
      i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
      i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
    );
    const cd = i32x4.add(
      i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23),
      i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31),
    );
    const sums = i32x4.add(
      i8x16.shuffle(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
      i8x16.shuffle(ab, cd, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
    );
    v128.store32_lane(target, toBytes(sums), 0);
    firsts += 16;
    weights += 4 * bytes;
  }
}

/** The sums of a pixel's channels. `pairs` brings those of two neighbours together. */
function pixel(pixels: usize, weights: usize, bytes: usize, step: usize, pairs: v128): v128 {
  let sums = i32x4.splat(columnHalf);
  for (let at: usize = 0; at < bytes; at += 4) {
    const two = i8x16.swizzle(v128.load(pixels), pairs);
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(two, v128.load32_splat(weights + at)));
    pixels += step;
  }
  return i32x4.shr_s(sums, 20);
}

/** Four pixels of `channels` bytes at a time, 3 or 4, each of an even number of taps. */
export function mixPixels(
  source: usize,
  firsts: usize,
  weights: usize,
  taps: i32,
  channels: i32,
  width: i32,
  target: usize,
): void {
  const four = channels === 4;
  const pairs = four
    ? i8x16(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15)
    : i8x16(0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11, 4, 5, 10, 11);
  const packed = four
    ? i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    : i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 14, 14, 14, 14);
  const step = (<usize>channels) << 2;
  const bytes = (<usize>taps) << 1;
  for (; width > 0; width -= 4) {
    const a = pixel(source + load<u32>(firsts), weights, bytes, step, pairs);
    const b = pixel(source + load<u32>(firsts, 4), weights + bytes, bytes, step, pairs);
    const c = pixel(source + load<u32>(firsts, 8), weights + 2 * bytes, bytes, step, pairs);
    const d = pixel(source + load<u32>(firsts, 12), weights + 3 * bytes, bytes, step, pairs);
    const levels = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
    v128.store(target, i8x16.swizzle(levels, packed));
    firsts += 16;
    weights += 4 * bytes;
    target += step;
  }
}

/** What two neighbouring pixels of four bytes give, by the weights in each word of `pair`. */
function two(pixels: usize, pair: v128): v128 {
  const both = v128.load(pixels);
  const pairs = i8x16.shuffle(both, both, 0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
  return i32x4.dot_i16x8_s(pairs, pair);
}

function rounded(sums: v128): v128 {
  return i32x4.shr_s(i32x4.add(sums, i32x4.splat(columnHalf)), 20);
}

function store4(target: usize, a: v128, b: v128, c: v128, d: v128): void {
  const left = i16x8.narrow_i32x4_s(rounded(a), rounded(b));
  v128.store(target, i8x16.narrow_i16x8_u(left, i16x8.narrow_i32x4_s(rounded(c), rounded(d))));
}

/** The same for pixels of four bytes and two taps: what is made larger. */
export function mixPixelsOfTwo(source: usize, firsts: usize, weights: usize, width: i32, target: usize): void {
  for (; width > 0; width -= 4) {
    const w = v128.load(weights);
    const a = two(source + load<u32>(firsts), v128.shuffle<u32>(w, w, 0, 0, 0, 0));
    const b = two(source + load<u32>(firsts, 4), v128.shuffle<u32>(w, w, 1, 1, 1, 1));
    const c = two(source + load<u32>(firsts, 8), v128.shuffle<u32>(w, w, 2, 2, 2, 2));
    const d = two(source + load<u32>(firsts, 12), v128.shuffle<u32>(w, w, 3, 3, 3, 3));
    store4(target, a, b, c, d);
    firsts += 16;
    weights += 16;
    target += 16;
  }
}

function four(pixels: usize, left: v128, right: v128): v128 {
  return i32x4.add(two(pixels, left), two(pixels + 16, right));
}

/** And of four taps: what is made smaller by up to a half, and larger by a cubic. */
export function mixPixelsOfFour(source: usize, firsts: usize, weights: usize, width: i32, target: usize): void {
  for (; width > 0; width -= 4) {
    const w = v128.load(weights);
    const a = four(
      source + load<u32>(firsts),
      v128.shuffle<u32>(w, w, 0, 0, 0, 0),
      v128.shuffle<u32>(w, w, 1, 1, 1, 1),
    );
    const b = four(
      source + load<u32>(firsts, 4),
      v128.shuffle<u32>(w, w, 2, 2, 2, 2),
      v128.shuffle<u32>(w, w, 3, 3, 3, 3),
    );
    const x = v128.load(weights, 16);
    const c = four(
      source + load<u32>(firsts, 8),
      v128.shuffle<u32>(x, x, 0, 0, 0, 0),
      v128.shuffle<u32>(x, x, 1, 1, 1, 1),
    );
    const d = four(
      source + load<u32>(firsts, 12),
      v128.shuffle<u32>(x, x, 2, 2, 2, 2),
      v128.shuffle<u32>(x, x, 3, 3, 3, 3),
    );
    store4(target, a, b, c, d);
    firsts += 16;
    weights += 32;
    target += 16;
  }
}
