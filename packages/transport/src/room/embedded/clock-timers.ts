import type { Clock } from '@sluice/core';
import type { Timers } from '@sluice/protocol';

/** A clock, as the pace of links asks for time. */
export function clockTimers(clock: Clock): Timers {
  return { now: () => clock.now(), after: (ms, callback) => clock.at(clock.now() + ms, callback) };
}
