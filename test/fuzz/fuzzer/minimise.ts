/**
 * A shorter input that still does it: ever smaller pieces are cut out, then bytes become plain.
 *
 * @param fails Whether an input still does it.
 * @param tries How often it may be asked. Default 2,000.
 */
export async function minimise(
  input: Uint8Array,
  fails: (input: Uint8Array) => Promise<boolean>,
  tries = 2_000,
): Promise<Uint8Array> {
  let best = input;
  let left = tries;
  const attempt = async (candidate: Uint8Array): Promise<boolean> => {
    if (left-- <= 0 || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = Math.ceil(best.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < best.length && left > 0; ) {
      const without = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      if (!(await attempt(new Uint8Array(without)))) at += size;
    }
  for (let at = 0; at < best.length && left > 0; at++) {
    if (best[at] === 0x61) continue;
    const plain = best.slice();
    plain[at] = 0x61;
    await attempt(plain);
  }
  return best;
}
