import type { Clock } from '@sluice/core';
import { TokenBucket } from '@sluice/protocol';

/** Errors that one participant's connection may be told for at once, and a second. */
const AT_ONCE = 8;
const PER_SECOND = 0.1;

/** Reports what goes wrong with the connection to one participant, who can make as much of it go wrong as it likes: the first say it all. */
export function boundedReport(clock: Clock, report: (error: unknown) => void): (error: unknown) => void {
  const told = new TokenBucket({ clock, burst: AT_ONCE, perSecond: PER_SECOND });
  return (error) => {
    if (told.tryTake()) report(error);
  };
}
