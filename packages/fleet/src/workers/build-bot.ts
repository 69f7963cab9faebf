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
    throw botFailed(name, 'threw before it ran', error);
  });
  if (built === undefined) {
    // What comes after all is ended at once: nobody waits for it.
    building.then(stopBot).catch(() => {});
    throw botStuck(`the factory ${name} gave no bot`, startMs);
  }
  if (typeof built.value?.run === 'function' && typeof built.value.stop === 'function') return built.value;
  throw botFailed(name, 'gave no bot, which has run() and stop()', new Error('not a bot'));
}

/** What is said of a factory or its bot that threw. */
export function botFailed(name: string, how: string, cause: unknown) {
  return fleetError('SLUICE_JOB_FAILED', `the bot of ${name} ${how}: ${toError(cause).message}`, { cause });
}

/** What is said of what did not come in time. */
export function botStuck(what: string, startMs: number) {
  return fleetError('SLUICE_JOB_STUCK', what, {
    expected: `one within ${startMs} ms`,
    fix: 'See in the job’s log how far it came, or raise startMs of the worker',
  });
}
