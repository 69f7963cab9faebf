// What one bot takes of its worker, and what it may take. No job, no server, no timer.

import { type Graph, timeFrames } from '@sluice/core';

/** What of a bot can be accounted for. A graph of `@sluice/core` is all of it. */
export interface Accountable {
  /** Its graphs, where it is not one itself. */
  readonly graphs?: readonly Graph[];
  /** What it holds beyond its graphs: pools, devices, tracks of its calls. Asked once a second, and when figures are read. */
  holds?(): { readonly bytes?: number; readonly tracks?: number };
}

/** What one bot takes of its worker. */
export interface BotAccount {
  /** Time of its actors on the worker's event loop since it began, in milliseconds: each frame is timed of a bot with limits, a sample else. */
  readonly busyMs: number;
  /** Nodes that wait for a full link. */
  readonly blocked: number;
  /** Media that waits in its links, and what it says that it holds, in bytes. */
  readonly heldBytes: number;
  /** As it says. */
  readonly tracks: number;
}

/** The graphs of a bot: those that it tells, or itself. */
export function graphsOf(bot: Accountable & { readonly inspect?: unknown }): readonly Graph[] {
  return bot.graphs ?? (typeof bot.inspect === 'function' ? [bot as unknown as Graph] : []);
}

/** Has each frame of a bot timed, so that what it takes is no estimate. */
export function timeBot(bot: Accountable): void {
  for (const graph of graphsOf(bot)) timeFrames(graph, 1);
}

/** Reads what a bot takes just now. */
export function accountOf(bot: Accountable): BotAccount {
  const { bytes = 0, tracks = 0 } = bot.holds?.() ?? {};
  let [busyMs, blocked, heldBytes] = [0, 0, bytes];
  for (const graph of graphsOf(bot)) {
    const { nodes, links } = graph.inspect();
    for (const { processing, waiting } of nodes) {
      busyMs += processing.total / 1000;
      if (waiting) blocked++;
    }
    for (const { depthBytes } of links) heldBytes += depthBytes;
  }
  return { busyMs, blocked, heldBytes, tracks };
}
