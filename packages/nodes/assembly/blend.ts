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
