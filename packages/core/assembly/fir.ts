// The polyphase filter with 128-bit integer vectors (AssemblyScript). It equals ScalarFirEngine sample for sample.
// A row is the fine words of its narrow groups of 8 taps, then 8 coarse and 8 fine words for each wide group, which lie
// between two stretches of narrow ones. All addresses are bytes, samples are planar. The coefficients are scaled so that no
// whole sum exceeds 32 bits in coarse units, nor the fine products of a lane between two carries. There always are wide groups.

/** Wide groups after which the fine sums are carried into the coarse ones. */
const BLOCK: i32 = 32;

/** Narrow groups before the wide ones, the wide ones, narrow groups behind them. */
let head: i32 = 0;
let wide: i32 = 0;
let tail: i32 = 0;
let fineBits: i32 = 0;
let unit: f64 = 0;

/** Tells what the rows of the next calls are like. */
export function shape(newHead: i32, newWide: i32, newTail: i32, newFineBits: i32, newUnit: f64): void {
  head = newHead;
  wide = newWide;
  tail = newTail;
  fineBits = newFineBits;
  unit = newUnit;
}

function rowBytes(): usize {
  return (<usize>(head + 2 * wide + tail)) << 4;
}

/** What of fine sums is worth whole units of coarse ones. */
function carry(fine: v128): v128 {
  return i32x4.shr_s(fine, fineBits);
}

/** What of fine sums is left when that is carried. */
function rest(fine: v128): v128 {
  return v128.and(fine, i32x4.splat((1 << fineBits) - 1));
}

/** The sums over the four lanes of `a` and of `b`, of `c` and of `d`: one vector of four sums. */
function fold(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return i32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** Two exact sums from those of their lanes, in units of the fine words. */
function join(coarseA: v128, coarseB: v128, fineA: v128, fineB: v128): v128 {
  coarseA = i32x4.add(coarseA, carry(fineA));
  coarseB = i32x4.add(coarseB, carry(fineB));
  const folded = fold(coarseA, coarseB, rest(fineA), rest(fineB));
  const coarse = f64x2.convert_low_i32x4_s(folded);
  const fine = f64x2.convert_low_i32x4_s(i64x2.shuffle(folded, folded, 1, 0));
  return f64x2.add(f64x2.mul(coarse, f64x2.splat(<f64>(1 << fineBits))), fine);
}

/** Rounds halves up, clamps, and stores two samples. */
function storePair(output: usize, step: usize, sums: v128): void {
  const scaled = f64x2.floor(f64x2.add(f64x2.mul(sums, f64x2.splat(unit)), f64x2.splat(0.5)));
  const words = i32x4.trunc_sat_f64x2_s_zero(scaled);
  const samples = i16x8.narrow_i32x4_s(words, words);
  v128.store_lane<i16>(output, samples, 0);
  v128.store_lane<i16>(output + step, samples, 1);
}

function storeOne(output: usize, sum: f64): void {
  store<i16>(output, <i16>max(-32768.0, min(32767.0, floor(sum * unit + 0.5))));
}

/** Four windows, `step` apart, under one row. */
function filterFour(row: usize, from: usize, step: usize, output: usize, outputStep: usize): void {
  let a = from;
  let b = a + step;
  let c = b + step;
  let d = c + step;
  let fineA = i32x4.splat(0);
  let fineB = i32x4.splat(0);
  let fineC = i32x4.splat(0);
  let fineD = i32x4.splat(0);
  let groups = head;
  let skipped = (<usize>wide) << 4;
  for (;;) {
    for (; groups > 0; groups--) {
      const fine = v128.load(row);
      fineA = i32x4.add(fineA, i32x4.dot_i16x8_s(v128.load(a), fine));
      fineB = i32x4.add(fineB, i32x4.dot_i16x8_s(v128.load(b), fine));
      fineC = i32x4.add(fineC, i32x4.dot_i16x8_s(v128.load(c), fine));
      fineD = i32x4.add(fineD, i32x4.dot_i16x8_s(v128.load(d), fine));
      row += 16;
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    }
    if (skipped === 0) break;
    groups = tail;
    a += skipped;
    b += skipped;
    c += skipped;
    d += skipped;
    skipped = 0;
  }
  a = from + ((<usize>head) << 4);
  b = a + step;
  c = b + step;
  d = c + step;
  let coarseA = i32x4.splat(0);
  let coarseB = i32x4.splat(0);
  let coarseC = i32x4.splat(0);
  let coarseD = i32x4.splat(0);
  groups = wide;
  while (groups > 0) {
    let block = min(groups, BLOCK);
    groups -= block;
    do {
      const coarse = v128.load(row);
      const fine = v128.load(row, 16);
      let x = v128.load(a);
      coarseA = i32x4.add(coarseA, i32x4.dot_i16x8_s(x, coarse));
      fineA = i32x4.add(fineA, i32x4.dot_i16x8_s(x, fine));
      x = v128.load(b);
      coarseB = i32x4.add(coarseB, i32x4.dot_i16x8_s(x, coarse));
      fineB = i32x4.add(fineB, i32x4.dot_i16x8_s(x, fine));
      x = v128.load(c);
      coarseC = i32x4.add(coarseC, i32x4.dot_i16x8_s(x, coarse));
      fineC = i32x4.add(fineC, i32x4.dot_i16x8_s(x, fine));
      x = v128.load(d);
      coarseD = i32x4.add(coarseD, i32x4.dot_i16x8_s(x, coarse));
      fineD = i32x4.add(fineD, i32x4.dot_i16x8_s(x, fine));
      row += 32;
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    } while (--block > 0);
    if (groups === 0) break;
    coarseA = i32x4.add(coarseA, carry(fineA));
    coarseB = i32x4.add(coarseB, carry(fineB));
    coarseC = i32x4.add(coarseC, carry(fineC));
    coarseD = i32x4.add(coarseD, carry(fineD));
    fineA = rest(fineA);
    fineB = rest(fineB);
    fineC = rest(fineC);
    fineD = rest(fineD);
  }
  storePair(output, outputStep, join(coarseA, coarseB, fineA, fineB));
  storePair(output + 2 * outputStep, outputStep, join(coarseC, coarseD, fineC, fineD));
}

/** The sums of two windows, each under its row. */
function dots(rowA: usize, rowB: usize, fromA: usize, fromB: usize): v128 {
  let a = fromA;
  let b = fromB;
  let fineA = i32x4.splat(0);
  let fineB = i32x4.splat(0);
  let groups = head;
  let skipped = (<usize>wide) << 4;
  for (;;) {
    for (; groups > 0; groups--) {
      fineA = i32x4.add(fineA, i32x4.dot_i16x8_s(v128.load(a), v128.load(rowA)));
      fineB = i32x4.add(fineB, i32x4.dot_i16x8_s(v128.load(b), v128.load(rowB)));
      rowA += 16;
      rowB += 16;
      a += 16;
      b += 16;
    }
    if (skipped === 0) break;
    groups = tail;
    a += skipped;
    b += skipped;
    skipped = 0;
  }
  a = fromA + ((<usize>head) << 4);
  b = fromB + ((<usize>head) << 4);
  let coarseA = i32x4.splat(0);
  let coarseB = i32x4.splat(0);
  groups = wide;
  while (groups > 0) {
    let block = min(groups, BLOCK);
    groups -= block;
    do {
      let x = v128.load(a);
      coarseA = i32x4.add(coarseA, i32x4.dot_i16x8_s(x, v128.load(rowA)));
      fineA = i32x4.add(fineA, i32x4.dot_i16x8_s(x, v128.load(rowA, 16)));
      x = v128.load(b);
      coarseB = i32x4.add(coarseB, i32x4.dot_i16x8_s(x, v128.load(rowB)));
      fineB = i32x4.add(fineB, i32x4.dot_i16x8_s(x, v128.load(rowB, 16)));
      rowA += 32;
      rowB += 32;
      a += 16;
      b += 16;
    } while (--block > 0);
    if (groups === 0) break;
    coarseA = i32x4.add(coarseA, carry(fineA));
    coarseB = i32x4.add(coarseB, carry(fineB));
    fineA = rest(fineA);
    fineB = rest(fineB);
  }
  return join(coarseA, coarseB, fineA, fineB);
}

/** The sum of one window under one row. */
function dot(row: usize, from: usize): f64 {
  let a = from;
  let fine = i32x4.splat(0);
  for (let groups = head; groups > 0; groups--, a += 16, row += 16)
    fine = i32x4.add(fine, i32x4.dot_i16x8_s(v128.load(a), v128.load(row)));
  a += (<usize>wide) << 4;
  for (let groups = tail; groups > 0; groups--, a += 16, row += 16)
    fine = i32x4.add(fine, i32x4.dot_i16x8_s(v128.load(a), v128.load(row)));
  a = from + ((<usize>head) << 4);
  let coarse = i32x4.splat(0);
  let groups = wide;
  while (groups > 0) {
    let block = min(groups, BLOCK);
    groups -= block;
    for (; block > 0; block--, a += 16, row += 32) {
      const x = v128.load(a);
      coarse = i32x4.add(coarse, i32x4.dot_i16x8_s(x, v128.load(row)));
      fine = i32x4.add(fine, i32x4.dot_i16x8_s(x, v128.load(row, 16)));
    }
    coarse = i32x4.add(coarse, carry(fine));
    fine = rest(fine);
  }
  return f64x2.extract_lane(join(coarse, coarse, fine, fine), 0);
}

/** Splits interleaved samples into planes that lie `stride` bytes apart. */
export function deinterleave(input: usize, planes: usize, stride: usize, channels: i32, frames: i32): void {
  if (channels === 2) {
    const right = planes + stride;
    let i = 0;
    for (; i + 8 <= frames; i += 8) {
      const low = v128.load(input + ((<usize>i) << 2));
      const high = v128.load(input + ((<usize>i) << 2), 16);
      v128.store(planes + ((<usize>i) << 1), i16x8.shuffle(low, high, 0, 2, 4, 6, 8, 10, 12, 14));
      v128.store(right + ((<usize>i) << 1), i16x8.shuffle(low, high, 1, 3, 5, 7, 9, 11, 13, 15));
    }
    for (; i < frames; i++) {
      store<i16>(planes + ((<usize>i) << 1), load<i16>(input + ((<usize>i) << 2)));
      store<i16>(right + ((<usize>i) << 1), load<i16>(input + ((<usize>i) << 2), 2));
    }
    return;
  }
  for (let frame = 0; frame < frames; frame++) {
    for (let channel = 0; channel < channels; channel++) {
      store<i16>(planes + <usize>channel * stride + ((<usize>frame) << 1), load<i16>(input));
      input += 2;
    }
  }
}

/**
 * One channel with a row for every phase. Outputs that are `up` apart use the same row, so they are made together: each
 * coefficient is loaded once for up to four of them.
 */
export function filterExact(
  rows: usize,
  up: i32,
  down: i32,
  input: usize,
  output: usize,
  outputStep: usize,
  count: i32,
  phase: i32,
): void {
  const bytes = rowBytes();
  const step = (<usize>down) << 1;
  const farStep = <usize>up * outputStep;
  const phases = min(up, count);
  for (let first = 0; first < phases; first++) {
    const row = rows + <usize>phase * bytes;
    let from = input;
    let to = output;
    let left = (count - first + up - 1) / up;
    for (; left >= 4; left -= 4) {
      filterFour(row, from, step, to, farStep);
      from += 4 * step;
      to += 4 * farStep;
    }
    if (left >= 2) {
      storePair(to, farStep, dots(row, row, from, from + step));
      from += 2 * step;
      to += 2 * farStep;
      left -= 2;
    }
    if (left > 0) storeOne(to, dot(row, from));
    output += outputStep;
    phase += down;
    input += (<usize>(phase / up)) << 1;
    phase %= up;
  }
}

/** One channel where each output lies between two of `rowCount` rows. */
export function filterBetween(
  rows: usize,
  rowCount: i32,
  up: i32,
  down: i32,
  input: usize,
  output: usize,
  outputStep: usize,
  count: i32,
  phase: i32,
): void {
  const bytes = rowBytes();
  for (; count > 0; count--) {
    const position = <i64>phase * <i64>rowCount;
    const row = rows + <usize>(position / <i64>up) * bytes;
    const fraction = <f64>(position % <i64>up) / <f64>up;
    const sums = dots(row, row + bytes, input, input);
    const before = f64x2.extract_lane(sums, 0);
    const after = f64x2.extract_lane(sums, 1);
    storeOne(output, before + (after - before) * fraction);
    output += outputStep;
    phase += down;
    input += (<usize>(phase / up)) << 1;
    phase %= up;
  }
}
