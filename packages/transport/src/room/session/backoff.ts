/**
 * Delays in milliseconds: the listed ones, then the last one again and again. `spread` scatters each by that share, so
 * that many clients that lost the same server do not come back in one moment.
 */
export function backoff(delays: readonly number[], spread: number, random: () => number = Math.random): () => number {
  let next = 0;
  return () => {
    const delay = delays[Math.min(next++, delays.length - 1)]!;
    return delay * (1 + spread * (2 * random() - 1));
  };
}
