// Packed pixels to I420 with 128-bit integer vectors (AssemblyScript). The formula and its weights are those of
// src/kernels/color/color-matrix.ts. A call converts a band of rows that lies in this memory. Addresses and steps are
// bytes. What is left of a row after its last whole block is converted in `edge` (128 bytes), so there is one formula
// only. Up to 32 bytes beyond the picture are read.

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

function storeLuma(at: usize, left: v128, right: v128, offset: v128): void {
  const words = i16x8.narrow_i32x4_s(i32x4.shr_u(left, 14), i32x4.shr_u(right, 14));
  const luma = i16x8.avgr_u(words, offset);
  v128.store_lane<i64>(at, i8x16.narrow_i16x8_u(luma, luma), 0);
}

/** Eight columns of two rows, `next` bytes apart, `nextLuma` in the result. */
function blockToI420<P>(
  source: usize,
  next: usize,
  luma: usize,
  nextLuma: usize,
  u: usize,
  v: usize,
  yEven: v128,
  yOdd: v128,
  uEven: v128,
  uOdd: v128,
  vEven: v128,
  vOdd: v128,
  offset: v128,
  uvBias: v128,
): void {
  const step = bytesPerPixel<P>();
  const a = v128.load(source);
  const b = v128.load(source + 4 * step);
  const c = v128.load(source + next);
  const d = v128.load(source + next + 4 * step);
  const evenA = evenBytes<P>(a);
  const evenB = evenBytes<P>(b);
  const evenC = evenBytes<P>(c);
  const evenD = evenBytes<P>(d);
  const oddA = oddBytes<P>(a);
  const oddB = oddBytes<P>(b);
  const oddC = oddBytes<P>(c);
  const oddD = oddBytes<P>(d);
  storeLuma(luma, weigh(evenA, oddA, yEven, yOdd), weigh(evenB, oddB, yEven, yOdd), offset);
  storeLuma(luma + nextLuma, weigh(evenC, oddC, yEven, yOdd), weigh(evenD, oddD, yEven, yOdd), offset);
  const even = addPairs(i16x8.add(evenA, evenC), i16x8.add(evenB, evenD));
  const odd = addPairs(i16x8.add(oddA, oddC), i16x8.add(oddB, oddD));
  const words = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(weigh(even, odd, uEven, uOdd), uvBias), 17),
    i32x4.shr_s(i32x4.add(weigh(even, odd, vEven, vOdd), uvBias), 17),
  );
  const chroma = i8x16.narrow_i16x8_u(words, words);
  v128.store_lane<i32>(u, chroma, 0);
  v128.store_lane<i32>(v, chroma, 1);
}

/** The first `columns` of a block of two rows with the last column repeated, 32 bytes apart, at `edge`. */
function stageEdge(edge: usize, source: usize, step: i32, next: usize, columns: i32): void {
  const bytes = <usize>(columns * step);
  memory.copy(edge, source, bytes);
  memory.copy(edge + 32, source + next, bytes);
  memory.copy(edge + bytes, edge + bytes - step, step);
  memory.copy(edge + 32 + bytes, edge + 32 + bytes - step, step);
}

function bandToI420<P>(
  source: usize,
  width: i32,
  rows: i32,
  luma: usize,
  u: usize,
  v: usize,
  edge: usize,
  yEvenPair: i32,
  yOddPair: i32,
  uEvenPair: i32,
  uOddPair: i32,
  vEvenPair: i32,
  vOddPair: i32,
  lumaOffset: i32,
  uvBiasValue: i32,
): void {
  const step = bytesPerPixel<P>();
  const yEven = i32x4.splat(yEvenPair);
  const yOdd = i32x4.splat(yOddPair);
  const uEven = i32x4.splat(uEvenPair);
  const uOdd = i32x4.splat(uOddPair);
  const vEven = i32x4.splat(vEvenPair);
  const vOdd = i32x4.splat(vOddPair);
  const offset = i16x8.splat(<i16>(2 * lumaOffset));
  const uvBias = i32x4.splat(uvBiasValue);
  const rest = width & 7;
  const half = (width + 1) >> 1;
  for (; rows > 0; rows -= 2) {
    // The last row of an odd height is its own second row.
    const next: usize = rows > 1 ? width * step : 0;
    const nextLuma: usize = rows > 1 ? width : 0;
    let from = source;
    let fromNext = next;
    let to = luma;
    let toNext = nextLuma;
    let toU = u;
    let toV = v;
    let blocks = width >> 3;
    let atEdge = false;
    // Once for the whole blocks and once for the edge: the one place that converts a block lies inside this loop.
    while (true) {
      for (; blocks > 0; blocks--) {
        blockToI420<P>(from, fromNext, to, toNext, toU, toV, yEven, yOdd, uEven, uOdd, vEven, vOdd, offset, uvBias);
        from += 8 * step;
        to += 8;
        toU += 4;
        toV += 4;
      }
      if (rest === 0 || atEdge) break;
      atEdge = true;
      stageEdge(edge, from, step, next, rest);
      from = edge;
      fromNext = 32;
      to = edge + 64;
      toNext = 8;
      toU = edge + 80;
      toV = edge + 84;
      blocks = 1;
    }
    source += width * step + next;
    luma += width + nextLuma;
    u += half;
    v += half;
    if (rest > 0) {
      const restHalf = (rest + 1) >> 1;
      memory.copy(luma - nextLuma - rest, edge + 64, rest);
      memory.copy(luma - rest, edge + (nextLuma === 0 ? 64 : 72), rest);
      memory.copy(u - restHalf, edge + 80, restHalf);
      memory.copy(v - restHalf, edge + 84, restHalf);
    }
  }
}

/** Pixels of 4 bytes. A weight is two words: `yEven` of the first byte (low) and the third, `yOdd` of the others. */
export function fourToI420(
  source: usize,
  width: i32,
  rows: i32,
  luma: usize,
  u: usize,
  v: usize,
  edge: usize,
  yEven: i32,
  yOdd: i32,
  uEven: i32,
  uOdd: i32,
  vEven: i32,
  vOdd: i32,
  offset: i32,
  uvBias: i32,
): void {
  bandToI420<Four>(source, width, rows, luma, u, v, edge, yEven, yOdd, uEven, uOdd, vEven, vOdd, offset, uvBias);
}

/** The same of pixels of 3 bytes. */
export function threeToI420(
  source: usize,
  width: i32,
  rows: i32,
  luma: usize,
  u: usize,
  v: usize,
  edge: usize,
  yEven: i32,
  yOdd: i32,
  uEven: i32,
  uOdd: i32,
  vEven: i32,
  vOdd: i32,
  offset: i32,
  uvBias: i32,
): void {
  bandToI420<Three>(source, width, rows, luma, u, v, edge, yEven, yOdd, uEven, uOdd, vEven, vOdd, offset, uvBias);
}
