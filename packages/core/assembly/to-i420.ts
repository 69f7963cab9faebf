// Packed pixels to I420 with 128-bit integer vectors (AssemblyScript). The formula and its weights are those of
// src/kernels/color/color-matrix.ts. A call converts a band of rows that lies in this memory. Addresses and steps are
// bytes. What is left of a row after its last whole block is converted in `edge` (192 bytes), so there is one formula
// only. Up to 32 bytes beyond the picture are read. Weights are vectors in memory, loaded where they are used: there are
// fewer registers than values, and a load is cheaper than making a vector of a number.

// Vectors of weights: those of luma for red and blue, for green, of U and of V for what red and blue have more than green.
const GREEN: usize = 16;
const U: usize = 32;
const V: usize = 48;
const OFFSET: usize = 64;
const BIAS: usize = 80;
/** The lower byte of each word. */
const LOWER: usize = 96;
/** Behind the weights: half of what a block needs for its chroma. */
const KEPT: usize = 112;

// The kinds of pixels, as types, so that each gets code of its own.
type Three = u8;
type AlphaFirst = i32;
type AlphaLast = u32;

function bytesPerPixel<P>(): i32 {
  return sizeof<P>() === 1 ? 3 : 4;
}

/** Red and blue of four pixels as they lie, as words. */
function redAndBlue<P>(pixels: v128, lower: v128): v128 {
  if (sizeof<P>() === 1) return i8x16.swizzle(pixels, i8x16(0, -1, 2, -1, 3, -1, 5, -1, 6, -1, 8, -1, 9, -1, 11, -1));
  return isSigned<P>() ? i16x8.shr_u(pixels, 8) : v128.and(pixels, lower);
}

/** Green of four pixels, as two words each. */
function greenTwice<P>(pixels: v128): v128 {
  if (sizeof<P>() === 1) return i8x16.swizzle(pixels, i8x16(1, -1, 1, -1, 4, -1, 4, -1, 7, -1, 7, -1, 10, -1, 10, -1));
  if (isSigned<P>()) return i8x16.swizzle(pixels, i8x16(2, -1, 2, -1, 6, -1, 6, -1, 10, -1, 10, -1, 14, -1, 14, -1));
  return i8x16.swizzle(pixels, i8x16(1, -1, 1, -1, 5, -1, 5, -1, 9, -1, 9, -1, 13, -1, 13, -1));
}

/** The sums of neighbours in eight lanes of 32 bits, which hold two words each. */
function addPairs(a: v128, b: v128): v128 {
  return i16x8.add(i32x4.shuffle(a, b, 0, 2, 4, 6), i32x4.shuffle(a, b, 1, 3, 5, 7));
}

/** What red and blue have more than green, over 2 x 2 pixels: the weights of U and of V sum to 0. */
function aboveGreen(pair: v128, below: v128, green: v128, greenBelow: v128): v128 {
  return i16x8.sub(i16x8.add(pair, below), i16x8.add(green, greenBelow));
}

/** Sums of products for the luma of four pixels. */
function luma4(pair: v128, green: v128, pairWeights: v128, greenWeights: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(pair, pairWeights), i32x4.dot_i16x8_s(green, greenWeights));
}

/** Eight words of luma from the sums of twice four pixels. */
function luma8(a: v128, b: v128, offset: v128): v128 {
  return i16x8.avgr_u(i16x8.narrow_i32x4_s(i32x4.shr_u(a, 14), i32x4.shr_u(b, 14)), offset);
}

/** Eight bytes of luma in each of two rows. */
function storeLuma(at: usize, next: usize, words: v128, wordsBelow: v128): void {
  const bytes = i8x16.narrow_i16x8_u(words, wordsBelow);
  v128.store_lane<i64>(at, bytes, 0);
  v128.store_lane<i64>(at + next, bytes, 1);
}

/** Four samples of a chroma plane. */
function chroma(above: v128, weights: v128, bias: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(above, weights), bias), 17);
}

/** Eight samples of U and of V from what red and blue have more than green. */
function storeChroma(u: usize, v: usize, above: v128, above2: v128, weights: usize): void {
  const uWeights = v128.load(weights, U);
  const vWeights = v128.load(weights, V);
  const bias = v128.load(weights, BIAS);
  const samples = i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_s(chroma(above, uWeights, bias), chroma(above2, uWeights, bias)),
    i16x8.narrow_i32x4_s(chroma(above, vWeights, bias), chroma(above2, vWeights, bias)),
  );
  v128.store_lane<i64>(u, samples, 0);
  v128.store_lane<i64>(v, samples, 1);
}

/** Blocks of sixteen columns of two rows, `next` bytes apart, `nextLuma` in the result. */
function blocksToI420<P>(
  blocks: i32,
  source: usize,
  next: usize,
  luma: usize,
  nextLuma: usize,
  u: usize,
  v: usize,
  weights: usize,
): void {
  const step = 4 * bytesPerPixel<P>();
  for (; blocks > 0; blocks--) {
    const below = source + next;
    const pairWeights = v128.load(weights);
    const greenWeights = v128.load(weights, GREEN);
    const offset = v128.load(weights, OFFSET);
    const lower = v128.load(weights, LOWER);
    // Eight columns are done and stored before the others are loaded: there are not enough registers for all.
    const a = v128.load(source);
    const b = v128.load(source + step);
    const c = v128.load(below);
    const d = v128.load(below + step);
    const pairA = redAndBlue<P>(a, lower);
    const pairB = redAndBlue<P>(b, lower);
    const pairC = redAndBlue<P>(c, lower);
    const pairD = redAndBlue<P>(d, lower);
    const greenA = greenTwice<P>(a);
    const greenB = greenTwice<P>(b);
    const greenC = greenTwice<P>(c);
    const greenD = greenTwice<P>(d);
    v128.store(
      weights,
      addPairs(aboveGreen(pairA, pairC, greenA, greenC), aboveGreen(pairB, pairD, greenB, greenD)),
      KEPT,
    );
    storeLuma(
      luma,
      nextLuma,
      luma8(luma4(pairA, greenA, pairWeights, greenWeights), luma4(pairB, greenB, pairWeights, greenWeights), offset),
      luma8(luma4(pairC, greenC, pairWeights, greenWeights), luma4(pairD, greenD, pairWeights, greenWeights), offset),
    );
    const e = v128.load(source + 2 * step);
    const f = v128.load(source + 3 * step);
    const g = v128.load(below + 2 * step);
    const h = v128.load(below + 3 * step);
    const pairE = redAndBlue<P>(e, lower);
    const pairF = redAndBlue<P>(f, lower);
    const pairG = redAndBlue<P>(g, lower);
    const pairH = redAndBlue<P>(h, lower);
    const greenE = greenTwice<P>(e);
    const greenF = greenTwice<P>(f);
    const greenG = greenTwice<P>(g);
    const greenH = greenTwice<P>(h);
    const above2 = addPairs(aboveGreen(pairE, pairG, greenE, greenG), aboveGreen(pairF, pairH, greenF, greenH));
    storeChroma(u, v, v128.load(weights, KEPT), above2, weights);
    storeLuma(
      luma + 8,
      nextLuma,
      luma8(luma4(pairE, greenE, pairWeights, greenWeights), luma4(pairF, greenF, pairWeights, greenWeights), offset),
      luma8(luma4(pairG, greenG, pairWeights, greenWeights), luma4(pairH, greenH, pairWeights, greenWeights), offset),
    );
    source += 4 * step;
    luma += 16;
    u += 8;
    v += 8;
  }
}

/** The first `columns` of a block of two rows with the last column repeated, 64 bytes apart, at `edge`. */
function stageEdge(edge: usize, source: usize, step: i32, next: usize, columns: i32): void {
  const bytes = <usize>(columns * step);
  memory.copy(edge, source, bytes);
  memory.copy(edge + 64, source + next, bytes);
  memory.copy(edge + bytes, edge + bytes - step, step);
  memory.copy(edge + 64 + bytes, edge + 64 + bytes - step, step);
}

function bandToI420<P>(
  source: usize,
  width: i32,
  rows: i32,
  luma: usize,
  u: usize,
  v: usize,
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
    blocksToI420<P>(width >> 4, source, next, luma, nextLuma, u, v, weights);
    source += width * step + next;
    luma += width + nextLuma;
    u += half;
    v += half;
    if (rest > 0) {
      const restHalf = (rest + 1) >> 1;
      stageEdge(edge, source - next - rest * step, step, next, rest);
      blocksToI420<P>(1, edge, 64, edge + 128, 16, edge + 160, edge + 168, weights);
      memory.copy(luma - nextLuma - rest, edge + 128, rest);
      memory.copy(luma - rest, edge + (nextLuma === 0 ? 128 : 144), rest);
      memory.copy(u - restHalf, edge + 160, restHalf);
      memory.copy(v - restHalf, edge + 168, restHalf);
    }
  }
}

/** Pixels of 4 bytes, alpha at their end. */
export function alphaLastToI420(
  source: usize,
  width: i32,
  rows: i32,
  luma: usize,
  u: usize,
  v: usize,
  edge: usize,
  weights: usize,
): void {
  bandToI420<AlphaLast>(source, width, rows, luma, u, v, edge, weights);
}

/** The same with alpha before them. */
export function alphaFirstToI420(
  source: usize,
  width: i32,
  rows: i32,
  luma: usize,
  u: usize,
  v: usize,
  edge: usize,
  weights: usize,
): void {
  bandToI420<AlphaFirst>(source, width, rows, luma, u, v, edge, weights);
}

/** Pixels of 3 bytes. */
export function threeToI420(
  source: usize,
  width: i32,
  rows: i32,
  luma: usize,
  u: usize,
  v: usize,
  edge: usize,
  weights: usize,
): void {
  bandToI420<Three>(source, width, rows, luma, u, v, edge, weights);
}
