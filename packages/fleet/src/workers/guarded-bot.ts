// What a bot does when it is called: what it throws at once, and what is no promise, is a fault of the bot and not of its worker.

import type { Bot } from './bot.ts';

export async function runBot(bot: Bot): Promise<void> {
  await bot.run();
}

export async function stopBot(bot: Bot): Promise<void> {
  await bot.stop();
}

export function abortBot(bot: Bot): void {
  try {
    bot.abort?.();
  } catch {
    // Nothing is left that it could be asked for.
  }
}
