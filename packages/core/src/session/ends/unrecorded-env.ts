import { checkKeys } from '../../check-keys.ts';
import type { Clock } from '../../time/clock.ts';
import { realClock } from '../../time/real-clock.ts';
import { made } from './made.ts';
import type { SessionEnv } from './session-env.ts';

/** What a program runs by when nobody records it. */
export interface UnrecordedOptions {
  /** Default: the real one. */
  readonly clock?: Clock;
  /** Numbers from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * The environment of a program that runs without a recording: every end is what it is outside. So the same program is
 * recorded when somebody wants to know, and otherwise costs nothing.
 *
 * @example
 * const made = await program(unrecordedEnv());
 * await ('graph' in made ? made.graph : made).run();
 * @see recordSession
 */
export function unrecordedEnv(options: UnrecordedOptions = {}): SessionEnv {
  checkKeys<UnrecordedOptions>('unrecordedEnv', options, { clock: true, random: true });
  const { clock = realClock, random = Math.random } = options;
  return {
    replaying: false,
    clock,
    random,
    // Whatever its source is made by, a graph takes it.
    source: (_name, source) => made(source) as never,
    sink: (_name, sink) => made(sink),
    model: (_name, model) => made(model),
    ask:
      (_name, work) =>
      async (...args) =>
        work(...args),
    control:
      (_name, handle) =>
      (...args) => {
        try {
          return Promise.resolve(handle(...args));
        } catch (error) {
          return Promise.reject(error);
        }
      },
  };
}
