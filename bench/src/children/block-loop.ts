/** Blocks the event loop of this process for `ms` every `everyMs`, without taking CPU from others. Returns what ends it. */
export function blockLoop(ms: number, everyMs = 1_500): () => void {
  const timer = setInterval(() => blockOnce(ms), everyMs);
  return () => clearInterval(timer);
}

/** Blocks it now. */
export function blockOnce(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
