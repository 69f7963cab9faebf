/** Reads the bytes from `start` to before `end`, all of which are there. */
export type ReadBytes = (start: number, end: number) => Promise<Uint8Array>;
