// The polyphase filter with 128-bit integer vectors (AssemblyScript). It equals ScalarFirEngine sample for sample.
// A row is a list of groups of 8 taps: 8 coarse words, then 8 fine words. All addresses are bytes, samples are planar.
// The coefficients are scaled so that no sum of coarse products exceeds 32 bits, nor one of fine products in a block.

/** Groups of 8 taps after which the fine sums are widened. */
const BLOCK: i32 = 32;

/** The sums over the four lanes of `a` and of `b`, of `c` and of `d`: one vector of four sums. */
function fold(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return i32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** Two exact sums from the folded vector: two coarse sums in the low half, their fine sums in the high half. */
function join(folded: v128): v128 {
  const coarse = f64x2.convert_low_i32x4_s(folded);
  const fine = f64x2.convert_low_i32x4_s(i64x2.shuffle(folded, folded, 1, 0));
  return f64x2.add(f64x2.mul(coarse, f64x2.splat(256)), fine);
}

/** Rounds halves up, clamps, and stores two samples. */
function storePair(output: usize, step: usize, sums: v128, unit: f64): void {
  const scaled = f64x2.floor(f64x2.add(f64x2.mul(sums, f64x2.splat(unit)), f64x2.splat(0.5)));
  const words = i32x4.trunc_sat_f64x2_s_zero(scaled);
  const samples = i16x8.narrow_i32x4_s(words, words);
  v128.store_lane<i16>(output, samples, 0);
  v128.store_lane<i16>(output + step, samples, 1);
}

function storeOne(output: usize, sum: f64, unit: f64): void {
  store<i16>(output, <i16>max(-32768.0, min(32767.0, floor(sum * unit + 0.5))));
}

/** Four windows, `step` apart, under one row. */
function filterFour(row: usize, a: usize, step: usize, groups: i32, output: usize, outputStep: usize, unit: f64): void {
  let ab = f64x2.splat(0);
  let cd = f64x2.splat(0);
  let b = a + step;
  let c = b + step;
  let d = c + step;
  while (groups > 0) {
    let block = min(groups, BLOCK);
    groups -= block;
    let coarseA = i32x4.splat(0);
    let coarseB = i32x4.splat(0);
    let coarseC = i32x4.splat(0);
    let coarseD = i32x4.splat(0);
    let fineA = i32x4.splat(0);
    let fineB = i32x4.splat(0);
    let fineC = i32x4.splat(0);
    let fineD = i32x4.splat(0);
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
    ab = f64x2.add(ab, join(fold(coarseA, coarseB, fineA, fineB)));
    cd = f64x2.add(cd, join(fold(coarseC, coarseD, fineC, fineD)));
  }
  storePair(output, outputStep, ab, unit);
  storePair(output + 2 * outputStep, outputStep, cd, unit);
}

function filterTwo(row: usize, a: usize, step: usize, groups: i32, output: usize, outputStep: usize, unit: f64): void {
  let ab = f64x2.splat(0);
  let b = a + step;
  while (groups > 0) {
    let block = min(groups, BLOCK);
    groups -= block;
    let coarseA = i32x4.splat(0);
    let coarseB = i32x4.splat(0);
    let fineA = i32x4.splat(0);
    let fineB = i32x4.splat(0);
    do {
      const coarse = v128.load(row);
      const fine = v128.load(row, 16);
      let x = v128.load(a);
      coarseA = i32x4.add(coarseA, i32x4.dot_i16x8_s(x, coarse));
      fineA = i32x4.add(fineA, i32x4.dot_i16x8_s(x, fine));
      x = v128.load(b);
      coarseB = i32x4.add(coarseB, i32x4.dot_i16x8_s(x, coarse));
      fineB = i32x4.add(fineB, i32x4.dot_i16x8_s(x, fine));
      row += 32;
      a += 16;
      b += 16;
    } while (--block > 0);
    ab = f64x2.add(ab, join(fold(coarseA, coarseB, fineA, fineB)));
  }
  storePair(output, outputStep, ab, unit);
}

/** One window under one row. */
function dot(row: usize, a: usize, groups: i32): f64 {
  let sum: f64 = 0;
  while (groups > 0) {
    let block = min(groups, BLOCK);
    groups -= block;
    let coarse = i32x4.splat(0);
    let fine = i32x4.splat(0);
    do {
      const x = v128.load(a);
      coarse = i32x4.add(coarse, i32x4.dot_i16x8_s(x, v128.load(row)));
      fine = i32x4.add(fine, i32x4.dot_i16x8_s(x, v128.load(row, 16)));
      row += 32;
      a += 16;
    } while (--block > 0);
    sum += f64x2.extract_lane(join(fold(coarse, coarse, fine, fine)), 0);
  }
  return sum;
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
  taps: i32,
  up: i32,
  down: i32,
  input: usize,
  output: usize,
  outputStep: usize,
  count: i32,
  phase: i32,
  unit: f64,
): void {
  const rowBytes = (<usize>taps) << 2;
  const groups = taps >> 3;
  const step = (<usize>down) << 1;
  const farStep = <usize>up * outputStep;
  const phases = min(up, count);
  for (let first = 0; first < phases; first++) {
    const row = rows + <usize>phase * rowBytes;
    let from = input;
    let to = output;
    let left = (count - first + up - 1) / up;
    for (; left >= 4; left -= 4) {
      filterFour(row, from, step, groups, to, farStep, unit);
      from += 4 * step;
      to += 4 * farStep;
    }
    if (left >= 2) {
      filterTwo(row, from, step, groups, to, farStep, unit);
      from += 2 * step;
      to += 2 * farStep;
      left -= 2;
    }
    if (left > 0) storeOne(to, dot(row, from, groups), unit);
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
  taps: i32,
  up: i32,
  down: i32,
  input: usize,
  output: usize,
  outputStep: usize,
  count: i32,
  phase: i32,
  unit: f64,
): void {
  const rowBytes = (<usize>taps) << 2;
  const groups = taps >> 3;
  for (; count > 0; count--) {
    const position = <i64>phase * <i64>rowCount;
    const row = rows + <usize>(position / <i64>up) * rowBytes;
    const fraction = <f64>(position % <i64>up) / <f64>up;
    const before = dot(row, input, groups);
    const after = dot(row + rowBytes, input, groups);
    storeOne(output, before + (after - before) * fraction, unit);
    output += outputStep;
    phase += down;
    input += (<usize>(phase / up)) << 1;
    phase %= up;
  }
}
