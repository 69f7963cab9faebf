/** Whose code runs right now counts samples that were NaN or infinite. Said by what knows that. */
export const invalidSamples: { found(count: number): void } = { found: () => {} };
