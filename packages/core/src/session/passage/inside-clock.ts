import type { Clock } from '../../time/clock.ts';
import type { LentClock } from '../../time/timed-work.ts';

/** A clock that is lent inside, with the one that is lent outside meanwhile. */
export interface InsideClock extends LentClock {
  readonly outside: Clock;
}

/** For work outside on whose end somebody inside waits: the clock on which it may wait too. */
export function outsideOf(clock: Clock): Clock | undefined {
  return 'outside' in clock ? (clock as InsideClock).outside : undefined;
}
