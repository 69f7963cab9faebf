// Lays bytes over bytes with 128-bit integer vectors (AssemblyScript). All addresses and counts are bytes; a count is a
// multiple of 16. Each result is the exact value of the formula, rounded once, and cannot leave 0 to 255.

/** round(value / 255) of eight words, exact from 0 to 65,025. */
function over255(value: v128): v128 {
  const biased = i16x8.add(value, i16x8.splat(128));
  return i16x8.shr_u(i16x8.add(biased, i16x8.shr_u(biased, 8)), 8);
}

/** round((color * alpha + below * (255 - alpha)) / 255) of eight words. */
function mix(color: v128, alpha: v128, below: v128): v128 {
  const rest = i16x8.sub(i16x8.splat(255), alpha);
  return over255(i16x8.add(i16x8.mul(color, alpha), i16x8.mul(below, rest)));
}

function mixBytes(below: usize, color: usize, low: v128, high: v128): void {
  const b = v128.load(below);
  const c = v128.load(color);
  const mixedLow = mix(i16x8.extend_low_i8x16_u(c), low, i16x8.extend_low_i8x16_u(b));
  const mixedHigh = mix(i16x8.extend_high_i8x16_u(c), high, i16x8.extend_high_i8x16_u(b));
  v128.store(below, i8x16.narrow_i16x8_u(mixedLow, mixedHigh));
}

/** Every byte of `color` over the byte of `below`, by its byte of `alpha` times `opacity` of 255. */
export function blend(below: usize, color: usize, alpha: usize, count: i32, opacity: i32): void {
  const whole = i16x8.splat(<i16>opacity);
  for (const end = below + <usize>count; below < end; below += 16, color += 16, alpha += 16) {
    const a = v128.load(alpha);
    if (!v128.any_true(a)) continue;
    const low = over255(i16x8.mul(i16x8.extend_low_i8x16_u(a), whole));
    const high = over255(i16x8.mul(i16x8.extend_high_i8x16_u(a), whole));
    mixBytes(below, color, low, high);
  }
}

/** Every byte of `color` over the byte of `below`, by `opacity` of 255. */
export function fade(below: usize, color: usize, count: i32, opacity: i32): void {
  const alpha = i16x8.splat(<i16>opacity);
  for (const end = below + <usize>count; below < end; below += 16, color += 16) mixBytes(below, color, alpha, alpha);
}

/** The share of what is laid over, of 32,767, of four pixels by their alpha `s` over `d`, words of 32 bits. */
function shares(s: v128, d: v128): v128 {
  const whole = f32x4.splat(255);
  const upper = f32x4.convert_i32x4_s(s);
  const lower = f32x4.mul(f32x4.convert_i32x4_s(d), f32x4.sub(whole, upper));
  const shown = f32x4.mul(upper, whole);
  const share = f32x4.div(shown, f32x4.pmax(f32x4.splat(1), f32x4.add(shown, lower)));
  return i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(share, f32x4.splat(32767)), f32x4.splat(0.5)));
}

/** Two pixels, all as words: what is below moved towards `color` by a share of 32,767. */
function move(below: v128, color: v128, share: v128): v128 {
  const moved = i16x8.q15mulr_sat_s(i16x8.shl(i16x8.sub(color, below), 7), share);
  return i16x8.shr_s(i16x8.add(i16x8.add(i16x8.shl(below, 7), moved), i16x8.splat(64)), 7);
}

/**
 * Pixels of four bytes over others (Porter and Duff), none premultiplied, by their own alpha times `opacity` of 255. Over
 * what is opaque results are exact, else within a 50th of a level before they are rounded.
 */
export function over(below: usize, color: usize, count: i32, opacity: i32, alphaFirst: i32): void {
  const whole = i16x8.splat(<i16>opacity);
  const alphaBytes = i32x4.splat(alphaFirst !== 0 ? 0xff : 0xff000000);
  const spread =
    alphaFirst !== 0
      ? i8x16(0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12)
      : i8x16(3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);
  for (const end = below + <usize>count; below < end; below += 16, color += 16) {
    const c = v128.load(color);
    const own = i8x16.swizzle(c, spread);
    if (!v128.any_true(own)) continue;
    const b = v128.load(below);
    let low = i16x8.extend_low_i8x16_u(own);
    let high = i16x8.extend_high_i8x16_u(own);
    if (opacity !== 255) {
      low = over255(i16x8.mul(low, whole));
      high = over255(i16x8.mul(high, whole));
    }
    const belowLow = i16x8.extend_low_i8x16_u(b);
    const belowHigh = i16x8.extend_high_i8x16_u(b);
    // Its own alpha over another is that of something opaque.
    const opaque = v128.or(c, alphaBytes);
    const colorLow = i16x8.extend_low_i8x16_u(opaque);
    const colorHigh = i16x8.extend_high_i8x16_u(opaque);
    const mixed = i8x16.narrow_i16x8_u(mix(colorLow, low, belowLow), mix(colorHigh, high, belowHigh));
    if (i32x4.all_true(i32x4.eq(v128.and(b, alphaBytes), alphaBytes))) {
      v128.store(below, mixed);
      continue;
    }
    const byte = i32x4.splat(0xff);
    const alphas = i8x16.narrow_i16x8_u(low, high);
    const words = shares(v128.and(alphas, byte), v128.and(i8x16.swizzle(b, spread), byte));
    const packed = i16x8.narrow_i32x4_s(words, words);
    const left = move(belowLow, colorLow, v128.shuffle<u16>(packed, packed, 0, 0, 0, 0, 1, 1, 1, 1));
    const right = move(belowHigh, colorHigh, v128.shuffle<u16>(packed, packed, 2, 2, 2, 2, 3, 3, 3, 3));
    const laid = v128.bitselect(mixed, i8x16.narrow_i16x8_u(left, right), alphaBytes);
    // Pixels of which nothing is laid over stay as they are.
    v128.store(below, v128.bitselect(b, laid, i8x16.eq(alphas, i8x16.splat(0))));
  }
}
