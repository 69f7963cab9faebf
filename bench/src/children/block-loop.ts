/** Blocks the event loop of this process for `ms`, every 1.5 s, without taking CPU from others. Returns what ends it. */
export function blockLoop(ms: number): () => void {
  const timer = setInterval(() => blockOnce(ms), 1_500);
  return () => clearInterval(timer);
}

/** Blocks it now. */
export function blockOnce(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
