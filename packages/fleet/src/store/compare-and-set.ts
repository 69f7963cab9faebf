/** `StreamWrongLastSequence`, and what servers before 2.10 said of an unknown one. */
const WRONG_SEQUENCE = new Set([10_071, 10_164]);

/** What a write gives that was the first after the revision it names; undefined where somebody else was quicker. */
export async function compareAndSet(write: Promise<number>): Promise<number | undefined> {
  try {
    return await write;
  } catch (error) {
    if (WRONG_SEQUENCE.has((error as { readonly code?: number }).code ?? 0)) return undefined;
    throw error;
  }
}
