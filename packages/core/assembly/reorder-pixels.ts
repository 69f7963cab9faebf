// Packed pixels in another order with 128-bit vectors (AssemblyScript). Addresses and steps are bytes.

function reorderGroup(source: usize, target: usize, order: v128, added: v128): void {
  v128.store(target, v128.or(i8x16.swizzle(v128.load(source), order), added));
}

/**
 * Packed pixels in another order, sixteen at a time: byte i of four pixels comes from byte `order[i]`, or is 0 beyond
 * 15; `added` is put on top. Steps are the bytes of four pixels, 12 or 16.
 */
export function reorder(
  source: usize,
  sourceStep: usize,
  target: usize,
  targetStep: usize,
  blocks: i32,
  orderAt: usize,
): void {
  const order = v128.load(orderAt);
  const added = v128.load(orderAt, 16);
  for (; blocks > 0; blocks--) {
    reorderGroup(source, target, order, added);
    reorderGroup(source + sourceStep, target + targetStep, order, added);
    reorderGroup(source + 2 * sourceStep, target + 2 * targetStep, order, added);
    reorderGroup(source + 3 * sourceStep, target + 3 * targetStep, order, added);
    source += 4 * sourceStep;
    target += 4 * targetStep;
  }
}
