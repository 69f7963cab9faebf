import { operatorSpec } from '../operators/node-spec.ts';
import type { Actor, ActorLink, ActorOutput } from '../runtime/actors/actor.ts';
import { StreamActor } from '../runtime/actors/stream-actor.ts';
import { Arrivals, type FrameAges } from '../runtime/links/arrivals.ts';
import { Departures } from '../runtime/ports/departures.ts';
import { tapLink } from './tap-link.ts';

const arriving = new WeakMap<ActorLink, Arrivals>();

/**
 * How old the frames are that the receiver of a link takes: counted from when the same media left its origin, the source or the
 * last node before the link that gives media of its own. Frames carry media time only, so the times at both ends are noted
 * by it, of some frames, from the first question to a minute after the last. Undefined for as long as nothing is known.
 */
export function agesOn(link: ActorLink): FrameAges | undefined {
  if (link.over) return undefined;
  return arrivalsOn(link).agesSince(departuresFrom(originOf(link)));
}

function arrivalsOn(link: ActorLink): Arrivals {
  const known = arriving.get(link);
  if (known !== undefined) return known;
  const arrivals = new Arrivals(
    () => link.to.actor.now(),
    () => {
      arriving.delete(link);
      off();
    },
  );
  const off = tapLink(link, (frame) => arrivals.see(frame));
  arriving.set(link, arrivals);
  return arrivals;
}

function departuresFrom(port: ActorOutput): Departures {
  port.departures ??= new Departures(
    () => port.actor.now(),
    () => {
      port.departures = undefined;
    },
  );
  port.departures.keep();
  return port.departures;
}

/** Where the media of a link comes from, up every node that gives on what it takes with the times that it has. */
function originOf({ from, to }: ActorLink): ActorOutput {
  const seen = new Set<Actor>([to.actor]);
  for (let port = from; ; ) {
    const { actor } = port;
    const before = actor.inputs.flatMap(({ links }) => links);
    if (before.length !== 1 || seen.has(actor) || restamps(actor)) return port;
    seen.add(actor);
    const kind = arriving.get(before[0]!)?.kind;
    const given = port.departures?.kind ?? kindOn(port);
    if (kind !== undefined && given !== undefined && kind !== given) return port;
    port = before[0]!.from;
  }
}

/** What kind of frames passed the links of an output so far. */
function kindOn({ links }: ActorOutput): string | undefined {
  for (const link of links) {
    const kind = arriving.get(link)?.kind;
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function restamps(actor: Actor): boolean {
  return actor instanceof StreamActor && actor.operators.some((operator) => operatorSpec(operator)?.restamps === true);
}
