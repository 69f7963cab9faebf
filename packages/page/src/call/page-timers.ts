import type { Timers } from '@sluice/protocol';

/** The page's own time. */
export const pageTimers: Timers = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
