import type { MediaFormat } from '../media/media-format.ts';
import type { Actor, ActorInput, ActorLink } from './actors/actor.ts';
import type { NodeActor } from './actors/node-actor.ts';
import type { Addition } from './addition.ts';
import { inputTaken, receiverEnded, receiverLeaves } from './link-errors.ts';
import { negotiate } from './negotiate.ts';
import type { Runtime } from './runtime.ts';
import { sinksFirst } from './topology.ts';

/**
 * Carries a change out at one go, between two frames. What may fail comes first and is undone if it does: the graph is
 * then as it was. What goes, goes last.
 */
export function commit(runtime: Runtime, addition: Addition, formats: ReadonlyMap<Actor, MediaFormat>): void {
  const over = runtime.wiring.whatIsOver();
  const leaving = leavingLinks(addition);
  checkReceivers(addition, leaving);
  const replaced = addition.ports.map(formerOf).filter((port) => port !== undefined);
  const undo: (() => void)[] = [];
  try {
    bringIn(runtime, addition, formats, leaving, undo);
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
  for (const removal of addition.removals) {
    if ('actor' in removal) runtime.remove(removal.actor, removal.drain);
    else runtime.unlink(removal.link, removal.end ? 'end' : 'keep');
  }
  for (const port of replaced) for (const link of port.links) runtime.unlink(link, 'keep');
  runtime.wiring.removeEmptied();
  runtime.wiring.forget(over);
  for (const link of addition.links) if (link.from.ended) link.end();
  runtime.checkDone();
}

function bringIn(
  runtime: Runtime,
  { actors, links, ports }: Addition,
  formats: ReadonlyMap<Actor, MediaFormat>,
  leaving: Leaving,
  undo: (() => void)[],
): void {
  // A stream that comes to an input by name whose last one is over begins anew.
  const again = new Set(links.map(({ to }) => to).filter((port) => port.options !== undefined && port.ended));
  for (const link of leaving.cut) undo.push(detach(link));
  for (const link of links) undo.push(attach(link));
  const order = sinksFirst([...runtime.actors.values()]);
  const agreed = negotiate([...order].reverse(), formats, leaving.all);
  for (const port of [...ports, ...again]) undo.push((port.actor as NodeActor).byName.admit(port));
  for (const link of agreed) undo.push(tell(runtime, link));
  const toOpen = order.filter((actor) => actor.state === 'idle' && actors.includes(actor));
  const starting = runtime.status === 'starting';
  if (starting) runtime.lifetime.setStatus('running');
  for (const actor of toOpen) {
    if (starting) runtime.open(actor);
    else runtime.attempt(actors, () => runtime.open(actor));
  }
}

interface Leaving {
  /** Links that will be gone. */
  readonly all: ReadonlySet<ActorLink>;
  /** Those of them whose sender stays and sends nothing more on them. */
  readonly cut: ReadonlySet<ActorLink>;
}

function leavingLinks({ links, removals }: Addition): Leaving {
  const cut = new Set<ActorLink>();
  const all = new Set<ActorLink>();
  for (const removal of removals) {
    if ('link' in removal) cut.add(removal.link);
    else {
      for (const port of removal.actor.inputs) for (const link of port.links) cut.add(link);
      for (const port of removal.actor.outputs) for (const link of port.links) all.add(link);
    }
  }
  for (const link of cut) all.add(link);
  for (const { former } of links) if (former !== undefined) all.add(former);
  return { all, cut };
}

function checkReceivers({ links, ports, removals }: Addition, { all }: Leaving): void {
  const removed = new Set(removals.map((removal) => ('actor' in removal ? removal.actor : undefined)));
  for (const { to } of links) {
    if (to.actor.over) throw receiverEnded(to);
    if (removed.has(to.actor)) throw receiverLeaves(to);
  }
  for (const port of ports) {
    const former = formerOf(port);
    if (former?.links.some((link) => !link.ending && !all.has(link)) === true) throw inputTaken(port, port.options);
  }
}

/** The input whose name an announced one takes. */
function formerOf(port: ActorInput): ActorInput | undefined {
  return port.actor.inputs.find((other) => other.name === port.name && other !== port);
}

function attach(link: ActorLink): () => void {
  const { from, to, former } = link;
  const { ended } = to;
  if (former !== undefined) former.successor = link;
  from.links = [...from.links, link];
  to.links = [...to.links, link];
  to.ended = false;
  return () => {
    from.links = from.links.filter((other) => other !== link);
    to.links = to.links.filter((other) => other !== link);
    to.ended = ended;
    if (former !== undefined) former.successor = undefined;
  };
}

/** What is opened may send at once; it must not go both where it went and where it goes from now on. */
function detach(link: ActorLink): () => void {
  const { from } = link;
  from.links = from.links.filter((other) => other !== link);
  return () => {
    from.links = [...from.links, link];
  };
}

function tell(runtime: Runtime, { to, converter, format }: ActorLink): () => void {
  const former = to.format;
  runtime.attempt([to.actor], () => to.formatChanged(converter?.output ?? format!));
  return () => {
    if (former !== undefined) to.formatChanged(former);
  };
}
