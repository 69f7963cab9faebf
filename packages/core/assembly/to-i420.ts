// Packed pixels to I420 with 128-bit integer vectors (AssemblyScript). The formula and its weights are those of
// src/kernels/color/color-matrix.ts. A call converts a band of rows that lies in this memory. Addresses and steps are
// bytes. What is left of a row after its last whole block is converted in `edge` (192 bytes), so there is one formula
// only. Up to 32 bytes beyond the picture are read. Weights are vectors in memory, loaded where they are used: there are
// fewer registers than values, and a load is cheaper than making a vector of a number.

// Vectors of weights: Y, U and V have one for the first and third bytes of a pixel and one for the others, a word each.
const U: usize = 32;
const V: usize = 64;
const OFFSET: usize = 96;
const BIAS: usize = 112;

// The kinds of pixels, as types, so that each gets code of its own.
type Three = u8;
type Four = u32;

function bytesPerPixel<P>(): i32 {
  return sizeof<P>() === 1 ? 3 : 4;
}

/** The first and third bytes of four pixels, as words. */
function evenBytes<P>(pixels: v128): v128 {
  if (sizeof<P>() === 4) return v128.and(pixels, i16x8.splat(0xff));
  return i8x16.swizzle(pixels, i8x16(0, -1, 2, -1, 3, -1, 5, -1, 6, -1, 8, -1, 9, -1, 11, -1));
}

/** The second and fourth bytes, as words; 0 for a fourth byte that is not there. */
function oddBytes<P>(pixels: v128): v128 {
  if (sizeof<P>() === 4) return i16x8.shr_u(pixels, 8);
  return i8x16.swizzle(pixels, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1));
}

/** Sums of products of the first and third bytes with `even`, and of the second and fourth with `odd`, for each pixel. */
function weigh(evenBytes: v128, oddBytes: v128, even: v128, odd: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(evenBytes, even), i32x4.dot_i16x8_s(oddBytes, odd));
}

/** The sums of neighbours in eight lanes of 32 bits, which hold two words each. */
function addPairs(a: v128, b: v128): v128 {
  return i16x8.add(i32x4.shuffle(a, b, 0, 2, 4, 6), i32x4.shuffle(a, b, 1, 3, 5, 7));
}

/** Sixteen bytes of luma from the sums of four times four pixels. */
function storeLuma(at: usize, a: v128, b: v128, c: v128, d: v128, weights: usize): void {
  const offset = v128.load(weights, OFFSET);
  const left = i16x8.narrow_i32x4_s(i32x4.shr_u(a, 14), i32x4.shr_u(b, 14));
  const right = i16x8.narrow_i32x4_s(i32x4.shr_u(c, 14), i32x4.shr_u(d, 14));
  v128.store(at, i8x16.narrow_i16x8_u(i16x8.avgr_u(left, offset), i16x8.avgr_u(right, offset)));
}

/** Four samples of a chroma plane, whose weights are at `weights`. */
function chroma(even: v128, odd: v128, weights: usize, bias: v128): v128 {
  return i32x4.shr_s(i32x4.add(weigh(even, odd, v128.load(weights), v128.load(weights, 16)), bias), 17);
}

/** Eight samples of U and of V from the sums over 2 x 2 pixels. */
function storeChroma(u: usize, v: usize, even: v128, odd: v128, even2: v128, odd2: v128, weights: usize): void {
  const bias = v128.load(weights, BIAS);
  const samples = i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_s(chroma(even, odd, weights + U, bias), chroma(even2, odd2, weights + U, bias)),
    i16x8.narrow_i32x4_s(chroma(even, odd, weights + V, bias), chroma(even2, odd2, weights + V, bias)),
  );
  v128.store_lane<i64>(u, samples, 0);
  v128.store_lane<i64>(v, samples, 1);
}

function luma4(even: v128, odd: v128, weights: usize): v128 {
  return weigh(even, odd, v128.load(weights), v128.load(weights, 16));
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
    const a = v128.load(source);
    const b = v128.load(source + step);
    const c = v128.load(source + 2 * step);
    const d = v128.load(source + 3 * step);
    const evenA = evenBytes<P>(a);
    const evenB = evenBytes<P>(b);
    const evenC = evenBytes<P>(c);
    const evenD = evenBytes<P>(d);
    const oddA = oddBytes<P>(a);
    const oddB = oddBytes<P>(b);
    const oddC = oddBytes<P>(c);
    const oddD = oddBytes<P>(d);
    storeLuma(
      luma,
      luma4(evenA, oddA, weights),
      luma4(evenB, oddB, weights),
      luma4(evenC, oddC, weights),
      luma4(evenD, oddD, weights),
      weights,
    );
    const below = source + next;
    const e = v128.load(below);
    const f = v128.load(below + step);
    const g = v128.load(below + 2 * step);
    const h = v128.load(below + 3 * step);
    const evenE = evenBytes<P>(e);
    const evenF = evenBytes<P>(f);
    const evenG = evenBytes<P>(g);
    const evenH = evenBytes<P>(h);
    const oddE = oddBytes<P>(e);
    const oddF = oddBytes<P>(f);
    const oddG = oddBytes<P>(g);
    const oddH = oddBytes<P>(h);
    storeLuma(
      luma + nextLuma,
      luma4(evenE, oddE, weights),
      luma4(evenF, oddF, weights),
      luma4(evenG, oddG, weights),
      luma4(evenH, oddH, weights),
      weights,
    );
    const even = addPairs(i16x8.add(evenA, evenE), i16x8.add(evenB, evenF));
    const odd = addPairs(i16x8.add(oddA, oddE), i16x8.add(oddB, oddF));
    const even2 = addPairs(i16x8.add(evenC, evenG), i16x8.add(evenD, evenH));
    const odd2 = addPairs(i16x8.add(oddC, oddG), i16x8.add(oddD, oddH));
    storeChroma(u, v, even, odd, even2, odd2, weights);
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

/** Pixels of 4 bytes. */
export function fourToI420(
  source: usize,
  width: i32,
  rows: i32,
  luma: usize,
  u: usize,
  v: usize,
  edge: usize,
  weights: usize,
): void {
  bandToI420<Four>(source, width, rows, luma, u, v, edge, weights);
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
