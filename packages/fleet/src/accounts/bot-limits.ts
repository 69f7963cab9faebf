import { checkKeys, invalidArgument } from '@sluice/core';

/** What a bot may take of its worker. `Infinity` lifts a limit. */
export interface BotLimits {
  /**
   * Cores of the event loop that its actors may take on average over `overMs`: 0.2 is a fifth of one. Default 0.5, so that one bot at
   * most is over it; of a worker with a capacity of 1 it may take all.
   */
  readonly busy?: number;
  /** Bytes of media that may wait in its links, lie in its pools, and of what it says that it holds. Default 256 MiB. */
  readonly heldBytes?: number;
  /** Frames that may wait in its links. Default 10,000. */
  readonly queuedFrames?: number;
  /** Tracks of its calls, and of what it says that it holds. Default 128. */
  readonly tracks?: number;
  /** Devices that it says it holds. Default 32. */
  readonly devices?: number;
  /** How long it may be over one of them, in milliseconds. Default 5,000. */
  readonly overMs?: number;
}

const DEFAULTS: Required<BotLimits> = {
  busy: 0.5,
  heldBytes: 256 * 2 ** 20,
  queuedFrames: 10_000,
  tracks: 128,
  devices: 32,
  overMs: 5000,
};

/** All limits of a bot. @param capacity Of its worker: who is alone has no neighbour to be a burden to. */
export function allLimits(limits: BotLimits, capacity: number): Required<BotLimits> {
  return { ...DEFAULTS, ...(capacity === 1 ? { busy: Infinity } : {}), ...limits };
}

/** Refuses what is wrong at once. @throws TypeError */
export function checkLimits(of: string, limits: BotLimits): void {
  checkKeys<BotLimits>(of, limits, {
    busy: true,
    heldBytes: true,
    queuedFrames: true,
    tracks: true,
    devices: true,
    overMs: true,
  });
  for (const [one, limit] of Object.entries(limits))
    if (!(limit > 0)) throw invalidArgument(`${of}.${one}`, 'a number above 0', limit);
  if (limits.overMs === Infinity) throw invalidArgument(`${of}.overMs`, 'a number of milliseconds', limits.overMs);
}
