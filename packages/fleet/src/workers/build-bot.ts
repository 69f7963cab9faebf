import { toError } from '@sluice/core';
import { fleetError } from '../errors.ts';
import type { Bot, BotContext, BotFactory } from './bot.ts';
import { stopBot } from './guarded-bot.ts';
import { within } from './within.ts';

/** What is to be built, and how long that may take. */
export interface BotOrder {
  /** The factory's name, for messages. */
  readonly name: string;
  readonly factory: BotFactory;
  readonly context: BotContext;
  /** In milliseconds. */
  readonly startMs: number;
}

/** Has a factory build its bot. @throws SluiceError `SLUICE_JOB_FAILED`, `SLUICE_JOB_STUCK` */
export async function buildBot({ name, factory, context, startMs }: BotOrder): Promise<Bot> {
  const building = Promise.resolve().then(() => factory(context));
  const built = await within(building, startMs).catch((error: unknown) => {
    throw botFailed(`the factory ${name} threw before its bot ran`, error);
  });
  if (built === undefined) {
    // What comes after all is ended at once: nobody waits for it.
    building.then(stopBot).catch(() => {});
    throw botStuck(`the factory ${name} gave no bot`, startMs);
  }
  if (typeof built.value?.run === 'function' && typeof built.value.stop === 'function') return built.value;
  throw fleetError('SLUICE_JOB_FAILED', `what the factory ${name} gave is no bot`, {
    expected: 'an object with the methods run() and stop()',
    received: built.value,
    fix: 'Return a bot from the factory, or from build() of it',
  });
}

/** What is said of a factory or its bot that threw. */
export function botFailed(what: string, cause: unknown) {
  return fleetError('SLUICE_JOB_FAILED', `${what}: ${toError(cause).message}`, {
    cause,
    fix: 'See in the job’s log how far it came, mend the cause, and dispatch it again',
  });
}

/** What is said of what did not come in time. */
export function botStuck(what: string, startMs: number) {
  return fleetError('SLUICE_JOB_STUCK', what, {
    expected: `one within ${startMs} ms`,
    fix: 'See in the job’s log how far it came, or raise startMs of the worker',
  });
}
