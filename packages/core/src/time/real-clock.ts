import { performance } from 'node:perf_hooks';
import { invalidArgument } from '../errors.ts';
import type { Cancel, Clock } from './clock.ts';

/** The longest delay that `setTimeout` takes; longer waits are chained. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's monotonic clock. Timers follow an absolute schedule: the delay is computed from `now()` each time. */
class RealClock implements Clock {
  now(): number {
    return performance.now();
  }

  at(time: number, callback: () => void): Cancel {
    if (Number.isNaN(time)) throw invalidArgument('time', 'milliseconds', time);
    let timer: NodeJS.Timeout;
    const arm = () => {
      const wait = time - performance.now();
      timer = setTimeout(fire, Math.min(Math.max(Math.ceil(wait), 0), LONGEST_TIMER_MS));
    };
    // A timer may fire a fraction of a millisecond early: look again before calling.
    const fire = () => (performance.now() < time ? arm() : callback());
    arm();
    return () => clearTimeout(timer);
  }

  track<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}

/** The default clock of graphs, devices and calls: milliseconds since the process began, which no change of the system's time moves. */
export const realClock: Clock = new RealClock();
