import { SluiceError } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import type { ControlMessage } from '../operators/actor-context.ts';
import type { Actor, ActorInput, ActorLink } from '../runtime/actors/actor.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { sendControl } from '../runtime/send-control.ts';
import type { InputPort, LinkRef, NodeRef } from './flow.ts';

/** What users hold of a graph: objects that stand for its nodes, links and inputs, and show nothing of them. */
const inPorts = new WeakMap<object, ActorInput>();
const linksOf = new WeakMap<object, ActorLink>();
const actorsOf = new WeakMap<object, Actor>();

/** The actor that a reference stands for, of whatever graph. */
export function actorOf(node: NodeRef): Actor | undefined {
  return actorsOf.get(node);
}

/** The actor of a node of this graph, by its reference or the id that `inspect()` shows; it may have ended meanwhile. */
export function ownActor(runtime: Runtime, node: NodeRef | string): Actor {
  const actor = typeof node === 'string' ? runtime.actors.get(node) : actorsOf.get(node);
  if (actor?.host === runtime) return actor;
  throw new SluiceError('SLUICE_GRAPH_INVALID', `there is no node ${nameOf(node)} in graph ${runtime.name}`, {
    expected: `one of ${[...runtime.actors.keys()].join(', ')}`,
  });
}

/** A link of this graph that is still there, by its reference or id. */
export function ownLink(runtime: Runtime, ref: LinkRef | string): ActorLink {
  const link = typeof ref === 'string' ? runtime.wiring.links.get(ref) : linksOf.get(ref);
  if (link !== undefined && runtime.wiring.links.get(link.id) === link) return link;
  throw new SluiceError('SLUICE_LINK_INVALID', `there is no link ${nameOf(ref)} in graph ${runtime.name}`, {
    expected: `what to() gave for a link of this graph that is still there, or one of ${[...runtime.wiring.links.keys()].join(', ')}`,
  });
}

const nameOf = (ref: NodeRef | LinkRef | string): string => (typeof ref === 'string' ? ref : String(ref?.id));

export function nodeRef(actor: Actor): NodeRef {
  const ref = { id: actor.id, send: (message: ControlMessage) => sendControl(actor, message) };
  actorsOf.set(ref, actor);
  return ref;
}

export function inputRef<F extends Frame>(port: ActorInput): InputPort<F> {
  const ref = { id: port.id };
  inPorts.set(ref, port);
  return ref;
}

export function linkRef(link: ActorLink): LinkRef {
  const ref = { id: link.id };
  linksOf.set(ref, link);
  return ref;
}

/** The input that a reference stands for; undefined for anything else. */
export function portOf(ref: object): ActorInput | undefined {
  return inPorts.get(ref);
}
