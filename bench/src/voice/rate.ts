/** Samples a second of all that is spoken and heard here, one channel. */
export const RATE = 16_000;
/** Samples of what is told to be audible or not: 10 ms. */
export const BLOCK = RATE / 100;
