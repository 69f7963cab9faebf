import type { Frame } from '../media/frame.ts';
import type { Actor, ActorLink } from './actors/actor.ts';
import { SinkActor } from './actors/sink-actor.ts';
import { type InterruptMessage, interruptChannel } from './channels.ts';
import { InterruptTally } from './interrupt-tally.ts';
import { CutMedia } from './links/cut-media.ts';
import type { Runtime } from './runtime.ts';
import { sinksFirst } from './topology.ts';

/** An interruption whose devices still clear; the tally is complete when its work has settled. */
export interface InterruptBegun {
  readonly epoch: number;
  readonly tally: InterruptTally;
}

/** Begins a new epoch: what the given actors hold or still get from before it is void. Synchronous. */
export function interruptActors(runtime: Runtime, actors: readonly Actor[], fadeMs: number): InterruptBegun {
  const epoch = runtime.nextEpoch();
  const tally = new InterruptTally(actors);
  // Who gets room by what is cleared refills it at once: nobody takes any of that before it knows of the interruption.
  for (const actor of actors) {
    actor.minEpoch = epoch;
    actor.block();
  }
  for (const actor of actors) for (const port of actor.outputs) tally.dropped(actor, port.clear(epoch, tally.lost));
  // Sources first: a queue that gets room takes from the one before it, and what is void there is not counted twice.
  for (const actor of sinksFirst(actors).reverse()) {
    if (actor.minEpoch < epoch) continue;
    for (const port of actor.inputs)
      for (const link of port.links) tally.dropped(link, clear(runtime, link, epoch, tally.lost));
  }
  for (const actor of actors) actor.interrupted(epoch, fadeMs, tally.receiptOf(actor));
  tally.tellSinks();
  if (interruptChannel.hasSubscribers)
    interruptChannel.publish({
      graph: runtime.name,
      id: runtime.id,
      epoch,
      nodes: actors.map((actor) => actor.id),
    } satisfies InterruptMessage);
  for (const actor of actors) {
    actor.unblock();
    actor.wake();
  }
  return { epoch, tally };
}

/** A sink that takes what comes in real time, as a recorder does, is told what is missing. */
function clear({ clock }: Runtime, link: ActorLink, epoch: number, lost: (frame: Frame) => void): number {
  if (!(link.to.actor instanceof SinkActor && link.to.isPaced())) return link.clear(epoch, lost);
  const cut = new CutMedia(clock);
  const dropped = link.clear(epoch, (frame) => {
    cut.add(frame);
    lost(frame);
  });
  if (!cut.isEmpty) link.cut ??= cut;
  return dropped;
}
