import { checkKeys, invalidArgument } from '@sluice/core';

/** What a bot may take of its worker. Without a limit it may take all. */
export interface BotLimits {
  /** Cores of the event loop that its actors may take on average over `overMs`: 0.2 is a fifth of one. */
  readonly busy?: number;
  /** Bytes of media that may wait in its links, and of what it says that it holds. */
  readonly heldBytes?: number;
  /** Tracks that it says it holds. */
  readonly tracks?: number;
  /** How long it may be over one of them, in milliseconds. Default 5,000. */
  readonly overMs?: number;
}

/** Refuses what is wrong at once. @throws TypeError */
export function checkLimits(of: string, limits: BotLimits): void {
  checkKeys<BotLimits>(of, limits, { busy: true, heldBytes: true, tracks: true, overMs: true });
  for (const [one, limit] of Object.entries(limits))
    if (!(limit > 0)) throw invalidArgument(`${of}.${one}`, 'a number above 0', limit);
}
