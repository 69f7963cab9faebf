/** How often and how long a lost socket is tried again, in milliseconds; each delay is drawn up to its double. */
const DELAYS_MS = [250, 500, 1_000] as const;
export const GIVE_UP_MS = 60_000;

/** The next delay, scattered so that pages that lost the same server do not come back in one moment. */
export function retryDelay(attempt: number): number {
  return 2 * Math.random() * DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)]!;
}
