import { interruptChannel } from '../channels.ts';
import type { Actor } from './actor.ts';
import type { Runtime } from './runtime.ts';
import { sinksFirst } from './topology.ts';

/** What an interruption cut, in microseconds, and the work of devices that still clear. */
export interface InterruptTotals {
  readonly epoch: number;
  readonly heard: number;
  readonly dropped: number;
  readonly work: readonly Promise<unknown>[];
}

/** Begins a new epoch: what the given actors hold or still get from before it is void. Synchronous. */
export function interruptActors(runtime: Runtime, actors: readonly Actor[], fadeMs: number): InterruptTotals {
  const epoch = runtime.nextEpoch();
  const totals = { epoch, heard: 0, dropped: 0, work: [] as Promise<unknown>[] };
  const receipt = {
    dropped: (duration: number) => {
      totals.dropped += duration;
    },
    heard: (duration: number) => {
      totals.heard += duration;
    },
    wait: (work: Promise<unknown>) => {
      totals.work.push(work);
    },
  };
  for (const actor of actors) actor.minEpoch = epoch;
  // Sources first: a queue that gets room takes from the one before it, and what is void there is not counted twice.
  for (const actor of sinksFirst(actors).reverse()) {
    if (actor.minEpoch < epoch) continue;
    for (const port of actor.inputs) for (const link of port.links) totals.dropped += link.clear(epoch);
  }
  for (const actor of actors) actor.interrupted(epoch, fadeMs, receipt);
  if (interruptChannel.hasSubscribers)
    interruptChannel.publish({ graph: runtime.name, epoch, nodes: actors.map((actor) => actor.id) });
  for (const actor of actors) actor.wake();
  return totals;
}
