// Mirrors and transposes elements of 1, 3 and 4 bytes (AssemblyScript). Addresses and strides are bytes, counts elements.
// No area overlaps another.

/** Elements of one byte in reverse order. */
export function reverse1(source: usize, target: usize, count: i32): void {
  let to = target + <usize>count;
  const end = source + <usize>count;
  for (; source + 16 <= end; source += 16) {
    to -= 16;
    const bytes = v128.load(source);
    v128.store(to, i8x16.swizzle(bytes, i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)));
  }
  for (; source < end; source++) store<u8>(--to, load<u8>(source));
}

export function reverse3(source: usize, target: usize, count: i32): void {
  let to = target + <usize>count * 3;
  for (const end = source + <usize>count * 3; source < end; source += 3) {
    to -= 3;
    copy3(source, to);
  }
}

export function reverse4(source: usize, target: usize, count: i32): void {
  let to = target + <usize>count * 4;
  const end = source + <usize>count * 4;
  for (; source + 16 <= end; source += 16) {
    to -= 16;
    const pixels = v128.load(source);
    v128.store(to, v128.shuffle<u32>(pixels, pixels, 3, 2, 1, 0));
  }
  for (; source < end; source += 4) {
    to -= 4;
    store<u32>(to, load<u32>(source));
  }
}

/** Columns of the source become rows of the target; a negative stride goes through rows from the last to the first. */
export function transpose1(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  columns: i32,
  rows: i32,
): void {
  for (let row = 0; row < rows; row += 8) {
    const deep = min(rows - row, 8);
    for (let column = 0; column < columns; column++) {
      let from = source + <usize>(row * sourceStride + column);
      const to = target + <usize>(column * targetStride + row);
      if (deep < 8) {
        for (let i = 0; i < deep; i++, from += <usize>sourceStride) store<u8>(to + <usize>i, load<u8>(from));
        continue;
      }
      let bytes: u64 = 0;
      for (let i = 0; i < 8; i++, from += <usize>sourceStride) bytes |= (<u64>load<u8>(from)) << (8 * i);
      store<u64>(to, bytes);
    }
  }
}

export function transpose3(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  columns: i32,
  rows: i32,
): void {
  for (let row = 0; row < rows; row += 8) {
    const deep = min(rows - row, 8);
    for (let column = 0; column < columns; column++) {
      let from = source + <usize>(row * sourceStride + column * 3);
      let to = target + <usize>(column * targetStride + row * 3);
      for (let i = 0; i < deep; i++, from += <usize>sourceStride, to += 3) copy3(from, to);
    }
  }
}

export function transpose4(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  columns: i32,
  rows: i32,
): void {
  const whole = columns & ~3;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    let from = source + <usize>(row * sourceStride);
    let to = target + <usize>(row * 4);
    for (let column = 0; column < whole; column += 4, from += 16) {
      turnSquare(from, <usize>sourceStride, to, <usize>targetStride);
      to += <usize>(targetStride * 4);
    }
  }
  for (let line = 0; line < rows; line++)
    for (let column = line < row ? whole : 0; column < columns; column++)
      store<u32>(
        target + <usize>(column * targetStride + line * 4),
        load<u32>(source + <usize>(line * sourceStride + column * 4)),
      );
}

/** Four by four pixels. */
function turnSquare(from: usize, step: usize, to: usize, stride: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + step);
  const c = v128.load(from + 2 * step);
  const d = v128.load(from + 3 * step);
  const abLow = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  const cdLow = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<u64>(abLow, cdLow, 0, 2));
  v128.store(to + stride, v128.shuffle<u64>(abLow, cdLow, 1, 3));
  v128.store(to + 2 * stride, v128.shuffle<u64>(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * stride, v128.shuffle<u64>(abHigh, cdHigh, 1, 3));
}

function copy3(from: usize, to: usize): void {
  store<u16>(to, load<u16>(from));
  store<u8>(to + 2, load<u8>(from + 2));
}
