/** Collects what is garbage, all of it, in a process that was started with `--expose-gc`. */
export function collectGarbage(): void {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (gc === undefined) throw new Error('start this program with --expose-gc');
  // What finalizers let go of is garbage of the next round.
  for (let round = 0; round < 3; round++) gc();
}
