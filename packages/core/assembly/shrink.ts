// Rows of a plane made smaller with 128-bit vectors (AssemblyScript). Addresses are bytes. Up to 15 bytes beyond a row
// and 30 beyond its sums are read and written.

/** Adds a row of bytes to sums of 16 bits, or begins them with it. */
export function sumRow(source: usize, width: i32, sums: usize, begin: bool): void {
  for (; width > 0; width -= 16) {
    const bytes = v128.load(source);
    let low = i16x8.extend_low_i8x16_u(bytes);
    let high = i16x8.extend_high_i8x16_u(bytes);
    if (!begin) {
      low = i16x8.add(low, v128.load(sums));
      high = i16x8.add(high, v128.load(sums, 16));
    }
    v128.store(sums, low);
    v128.store(sums, high, 16);
    source += 16;
    sums += 32;
  }
}

/** The means of pairs of neighbouring sums of two rows. */
export function meansOfPairs(sums: usize, target: usize, width: i32): void {
  const half = i16x8.splat(2);
  for (; width > 0; width -= 8) {
    const left = i32x4.extadd_pairwise_i16x8_u(v128.load(sums));
    const right = i32x4.extadd_pairwise_i16x8_u(v128.load(sums, 16));
    const means = i16x8.shr_u(i16x8.add(i16x8.narrow_i32x4_u(left, right), half), 2);
    v128.store64_lane(target, i8x16.narrow_i16x8_u(means, means), 0);
    sums += 32;
    target += 8;
  }
}

/**
 * The means of the sums of `rows` rows between each two edges, which are words. Edges are `narrow` columns apart, or one
 * more; what to multiply with instead of dividing by the number of bytes, shifted by 31 bits, is `narrowFactor` or
 * `wideFactor`.
 */
export function meansBetween(
  sums: usize,
  edges: usize,
  rows: i32,
  narrow: i32,
  narrowFactor: u32,
  wideFactor: u32,
  target: usize,
  width: i32,
): void {
  const narrowHalf: u32 = (rows * narrow) >> 1;
  const wideHalf: u32 = (rows * (narrow + 1)) >> 1;
  let left: usize = load<u16>(edges);
  for (const end = target + width; target < end; target++) {
    edges += 2;
    const right: usize = load<u16>(edges);
    let at = sums + (left << 1);
    let sum: u32 = 0;
    for (const stop = at + ((<usize>narrow) << 1); at < stop; at += 2) sum += load<u16>(at);
    // Whether there is one more: no branch, which would be guessed wrong half of the time.
    const more: u32 = <u32>(right - left) - narrow;
    sum += load<u16>(at) & (0 - more);
    const half = select<u32>(wideHalf, narrowHalf, more);
    const factor = select<u32>(wideFactor, narrowFactor, more);
    store<u8>(target, <u8>((<u64>(sum + half) * <u64>factor) >> 31));
    left = right;
  }
}
