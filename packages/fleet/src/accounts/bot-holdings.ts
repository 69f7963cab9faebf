import { invalidArgument } from '@sluice/core';

/** A pool of frames: `VideoFramePool` of `@sluice/core` is one. */
export interface HeldPool {
  /** What is in use, and what lies ready. */
  readonly stats: { readonly openBytes: number; readonly idleBytes: number };
}

/** A call: `CallClient` of `@sluice/transport` is one. */
export interface HeldCall {
  /** Everybody in it, with the states of their tracks. */
  participants(): Readonly<Record<string, { readonly media: object }>>;
}

/** What a bot holds beyond its graphs. What it only lists is counted, in the moment in which it is asked. */
export interface BotHoldings {
  /** Pools of its own; the one that all share is nobody's. */
  readonly pools?: readonly HeldPool[];
  /** Its calls: tracks that it sends, and those that come to it. */
  readonly calls?: readonly HeldCall[];
  /** Cameras, microphones, speakers. */
  readonly devices?: number;
  /** Bytes beyond those of its links and pools. */
  readonly bytes?: number;
  /** Tracks beyond those of its calls. */
  readonly tracks?: number;
}

/** States in which a track takes nothing. */
const IDLE = new Set<unknown>(['off', 'receivable']);

/** Bytes, tracks and devices that a bot holds. @throws TypeError for what it cannot hold */
export function countHoldings({ pools = [], calls = [], devices = 0, bytes = 0, tracks = 0 }: BotHoldings) {
  for (const [of, amount] of Object.entries({ devices, bytes, tracks }))
    if (!(Number.isFinite(amount) && amount >= 0)) throw invalidArgument(`holds().${of}`, 'a number from 0', amount);
  const poolBytes = pools.reduce((sum, { stats }) => sum + stats.openBytes + stats.idleBytes, 0);
  const people = calls.flatMap((call) => Object.values(call.participants()));
  const inCalls = people.reduce((sum, { media }) => sum + tracksOf(media), 0);
  return { poolBytes, bytes, devices, tracks: tracks + inCalls };
}

/** A track, or several by name. */
function tracksOf(media: object): number {
  return Object.values(media).reduce((sum: number, one: object) => {
    if (!('state' in one)) return sum + tracksOf(one);
    return sum + (IDLE.has(one.state) ? 0 : 1);
  }, 0);
}
