// I420 to packed pixels with 128-bit integer vectors (AssemblyScript). The formula and its weights are those of
// src/kernels/color/color-matrix.ts. A call converts a band of rows that lies in this memory. Addresses and steps are
// bytes. What is left of a row after its last whole block is converted in `edge` (128 bytes), so there is one formula
// only. Up to 16 bytes beyond the planes are read. Weights are vectors in memory, loaded where they are used.

// Vectors of weights: the gain of luma in words, then of each channel the words of U and V in turn, and the bias.
const A: usize = 16;
const B: usize = 48;
const C: usize = 80;

// The kinds of pixels, as types, so that each gets code of its own.
type Three = u8;
type AlphaFirst = i32;
type AlphaLast = u32;

function bytesPerPixel<P>(): i32 {
  return sizeof<P>() === 1 ? 3 : 4;
}

/** What chroma adds to a channel, in units of 1/64, from words of U and V in turn. */
function chromaTerm(low: v128, high: v128, at: usize): v128 {
  const weights = v128.load(at);
  const bias = v128.load(at, 16);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(low, weights), bias), 7),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(high, weights), bias), 7),
  );
}

/** Sixteen bytes of one channel from the luma of sixteen pixels and the chroma of eight pairs. */
function channel(lumaLow: v128, lumaHigh: v128, termLow: v128, termHigh: v128): v128 {
  return i8x16.narrow_i16x8_u(
    i16x8.shr_s(i16x8.add_sat_s(lumaLow, termLow), 6),
    i16x8.shr_s(i16x8.add_sat_s(lumaHigh, termHigh), 6),
  );
}

function lowTwice(words: v128): v128 {
  return i16x8.shuffle(words, words, 0, 0, 1, 1, 2, 2, 3, 3);
}

function highTwice(words: v128): v128 {
  return i16x8.shuffle(words, words, 4, 4, 5, 5, 6, 6, 7, 7);
}

function lowBytes(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

function highBytes(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

function lowWords(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

function highWords(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

function withoutFourth(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
}

/** Sixteen pixels; the fourth channel is left out where there is none. */
function storePixels<P>(at: usize, first: v128, second: v128, third: v128, fourth: v128): void {
  const ab = lowBytes(first, second);
  const cd = lowBytes(third, fourth);
  const ef = highBytes(first, second);
  const gh = highBytes(third, fourth);
  const w = lowWords(ab, cd);
  const x = highWords(ab, cd);
  const y = lowWords(ef, gh);
  const z = highWords(ef, gh);
  if (sizeof<P>() === 4) {
    v128.store(at, w);
    v128.store(at, x, 16);
    v128.store(at, y, 32);
    v128.store(at, z, 48);
  } else {
    // Each overwrites what the one before it has too much; the last has nothing too much.
    v128.store(at, withoutFourth(w));
    v128.store(at, withoutFourth(x), 12);
    v128.store(at, withoutFourth(y), 24);
    const last = withoutFourth(z);
    v128.store_lane<i64>(at, last, 0, 36);
    v128.store_lane<i32>(at, last, 2, 44);
  }
}

function rowFromI420<P>(
  luma: usize,
  target: usize,
  weights: usize,
  aLow: v128,
  aHigh: v128,
  bLow: v128,
  bHigh: v128,
  cLow: v128,
  cHigh: v128,
): void {
  const gain = v128.load(weights);
  const low = i16x8.shr_u(i16x8.mul(v128.load8x8_u(luma), gain), 1);
  const high = i16x8.shr_u(i16x8.mul(v128.load8x8_u(luma, 8), gain), 1);
  const a = channel(low, high, aLow, aHigh);
  const b = channel(low, high, bLow, bHigh);
  const c = channel(low, high, cLow, cHigh);
  const opaque = i8x16.splat(-1);
  if (isSigned<P>()) storePixels<P>(target, opaque, a, b, c);
  else storePixels<P>(target, a, b, c, opaque);
}

/** Blocks of sixteen columns of two rows, `nextLuma` bytes apart, `next` in the result. */
function blocksFromI420<P>(
  blocks: i32,
  luma: usize,
  nextLuma: usize,
  u: usize,
  v: usize,
  target: usize,
  next: usize,
  weights: usize,
): void {
  for (; blocks > 0; blocks--) {
    const us = v128.load8x8_u(u);
    const vs = v128.load8x8_u(v);
    const low = lowWords(us, vs);
    const high = highWords(us, vs);
    const termA = chromaTerm(low, high, weights + A);
    const termB = chromaTerm(low, high, weights + B);
    const termC = chromaTerm(low, high, weights + C);
    const aLow = lowTwice(termA);
    const aHigh = highTwice(termA);
    const bLow = lowTwice(termB);
    const bHigh = highTwice(termB);
    const cLow = lowTwice(termC);
    const cHigh = highTwice(termC);
    let fromRow = luma;
    let toRow = target;
    // A loop, so that there is one place for the code of a row, which is inlined then.
    for (let row = 0; row < 2; row++) {
      rowFromI420<P>(fromRow, toRow, weights, aLow, aHigh, bLow, bHigh, cLow, cHigh);
      fromRow += nextLuma;
      toRow += next;
    }
    luma += 16;
    u += 8;
    v += 8;
    target += 16 * bytesPerPixel<P>();
  }
}

function bandFromI420<P>(
  luma: usize,
  u: usize,
  v: usize,
  width: i32,
  rows: i32,
  target: usize,
  edge: usize,
  weights: usize,
): void {
  const step = bytesPerPixel<P>();
  const rest = width & 15;
  const half = (width + 1) >> 1;
  for (; rows > 0; rows -= 2) {
    // The last row of an odd height is its own second row.
    const next: usize = rows > 1 ? width * step : 0;
    const nextLuma: usize = rows > 1 ? width : 0;
    const blocks = width >> 4;
    blocksFromI420<P>(blocks, luma, nextLuma, u, v, target, next, weights);
    if (rest > 0) {
      const done = blocks << 4;
      blocksFromI420<P>(1, luma + done, nextLuma, u + (done >> 1), v + (done >> 1), edge, 64, weights);
      memory.copy(target + done * step, edge, rest * step);
      memory.copy(target + next + done * step, edge + (next === 0 ? 0 : 64), rest * step);
    }
    luma += width + nextLuma;
    u += half;
    v += half;
    target += width * step + next;
  }
}

/** Three colours and alpha after them. */
export function i420ToAlphaLast(
  luma: usize,
  u: usize,
  v: usize,
  width: i32,
  rows: i32,
  target: usize,
  edge: usize,
  weights: usize,
): void {
  bandFromI420<AlphaLast>(luma, u, v, width, rows, target, edge, weights);
}

/** The same with alpha before them. */
export function i420ToAlphaFirst(
  luma: usize,
  u: usize,
  v: usize,
  width: i32,
  rows: i32,
  target: usize,
  edge: usize,
  weights: usize,
): void {
  bandFromI420<AlphaFirst>(luma, u, v, width, rows, target, edge, weights);
}

/** The same without alpha. */
export function i420ToThree(
  luma: usize,
  u: usize,
  v: usize,
  width: i32,
  rows: i32,
  target: usize,
  edge: usize,
  weights: usize,
): void {
  bandFromI420<Three>(luma, u, v, width, rows, target, edge, weights);
}
