// What one bot takes of its worker, and what it may take. No job, no server, no timer.

import { type Graph, timeFrames } from '@sluice/core';
import { type BotHoldings, countHoldings } from './bot-holdings.ts';

/** What of a bot can be accounted for. A graph of `@sluice/core` is all of it. */
export interface Accountable {
  /** Its graphs, where it is not one itself. */
  readonly graphs?: readonly Graph[];
  /** What it holds beyond its graphs. Asked once a second, and when figures are read. */
  holds?(): BotHoldings;
}

/** What one bot takes of its worker. */
export interface BotAccount {
  /** Time of its actors on the worker's event loop since it began, in milliseconds. */
  readonly busyMs: number;
  /** Nodes that wait for a full link. */
  readonly blocked: number;
  /** Frames that wait in its links. */
  readonly queuedFrames: number;
  /** Bytes of media that wait in its links and that its pools have, and what it says that it holds beyond. */
  readonly heldBytes: number;
  /** The part of `heldBytes` that its pools have. */
  readonly poolBytes: number;
  /** Tracks of its calls, and what it says beyond. */
  readonly tracks: number;
  /** Devices, as it says. */
  readonly devices: number;
}

/** The same as words. */
export function describeAccount({ busyMs, queuedFrames, heldBytes, poolBytes, tracks, devices }: BotAccount): string {
  return [
    `${Math.round(busyMs)} ms busy since it began`,
    `${queuedFrames} frames queued`,
    `${heldBytes} bytes held, ${poolBytes} of them by pools`,
    `${tracks} tracks`,
    `${devices} devices`,
  ].join(', ');
}

/** The graphs of a bot: those that it tells, or itself. */
export function graphsOf(bot: Accountable & { readonly inspect?: unknown }): readonly Graph[] {
  return bot.graphs ?? (typeof bot.inspect === 'function' ? [bot as unknown as Graph] : []);
}

/** Has each frame of a bot timed, so that what it takes is no estimate. */
export function timeBot(bot: Accountable): void {
  for (const graph of graphsOf(bot)) timeFrames(graph, 1);
}

/** Reads what a bot takes just now. @throws whatever `holds()` throws, and TypeError for what it says and cannot be */
export function accountOf(bot: Accountable): BotAccount {
  const { bytes, poolBytes, tracks, devices } = countHoldings(bot.holds?.() ?? {});
  let [busyMs, blocked, queuedFrames, heldBytes] = [0, 0, 0, bytes + poolBytes];
  for (const graph of graphsOf(bot)) {
    const { nodes, links } = graph.inspect();
    for (const { processing, waiting } of nodes) {
      busyMs += processing.total / 1000;
      if (waiting) blocked++;
    }
    for (const { depth, depthBytes } of links) {
      queuedFrames += depth;
      heldBytes += depthBytes;
    }
  }
  return { busyMs, blocked, queuedFrames, heldBytes, poolBytes, tracks, devices };
}
