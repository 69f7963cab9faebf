/** Blocks the event loop of this process for `ms`, every 1.5 s, without taking CPU from others. Returns what ends it. */
export function blockLoop(ms: number): () => void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const timer = setInterval(() => Atomics.wait(cell, 0, 0, ms), 1_500);
  return () => clearInterval(timer);
}
