/** The name of whoever makes frames outside of a graph. */
export const detachedName = 'detached';

/** Who makes frames right now, as reports of leaks name it. Said by what knows whose code runs. */
export const frameMaker: { name(): string } = { name: () => detachedName };
