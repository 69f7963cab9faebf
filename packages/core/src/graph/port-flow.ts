import { invalidArgument } from '../errors.ts';
import { sinkSpec } from '../operators/node-spec.ts';
import type { Actor, ActorOutput } from '../runtime/actors/actor.ts';
import { type AnySink, SinkActor } from '../runtime/actors/sink-actor.ts';
import type { AnyOperator } from '../runtime/actors/watched-chain.ts';
import {
  checkNodeOptions,
  type InputPort,
  type LinkRef,
  type NodeOptions,
  type NodeRef,
  type SinkRef,
} from './flow.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { linkRef, nodeRef, portOf } from './refs.ts';
/** The runtime side of `Flow`. */
export class PortFlow {
  readonly #builder: GraphBuilder;
  readonly #port: ActorOutput;
  readonly #groups: readonly string[];
  readonly #next: NodeOptions;
  readonly node: NodeRef;
  /** The link that leads to the node, of what `pipe` gives. */
  readonly link: LinkRef | undefined;

  constructor(builder: GraphBuilder, port: ActorOutput, groups: readonly string[], next: NodeOptions, link?: LinkRef) {
    this.#builder = builder;
    this.link = link;
    this.#port = port;
    this.#groups = groups;
    this.#next = next;
    this.node = nodeRef(port.actor);
  }

  get actor(): Actor {
    return this.#port.actor;
  }

  with(options: NodeOptions): PortFlow {
    return new PortFlow(this.#builder, this.#port, this.#groups, {
      ...this.#next,
      ...checkNodeOptions('with', options),
    });
  }

  inGroups(groups: readonly string[]): PortFlow {
    return new PortFlow(this.#builder, this.#port, groups, this.#next, this.link);
  }

  pipe(...operators: AnyOperator[]): PortFlow {
    const actor = this.#builder.chain(operators, this.#next, this.#groups);
    const link = this.#builder.link(this.#port, actor.input, this.#next);
    return new PortFlow(this.#builder, actor.out, this.#groups, {}, linkRef(link));
  }

  to(target: AnySink | (() => AnySink) | InputPort<never>): SinkRef | LinkRef {
    const port = portOf(target);
    if (port !== undefined) return linkRef(this.#builder.link(this.#port, port, this.#next));
    if (typeof target !== 'function' && (typeof target !== 'object' || target === null))
      throw invalidArgument('to', 'a sink or a port', target);
    const sink = target as AnySink | (() => AnySink);
    const fallback = typeof sink === 'function' ? 'sink' : (sinkSpec(sink)?.name ?? 'sink');
    const id = this.#builder.name(this.#next, fallback, this.#groups);
    const actor = new SinkActor(this.#builder.runtime, id, this.#groups, sink);
    this.#builder.adopt(actor, this.#next);
    const link = this.#builder.link(this.#port, actor.input, this.#next);
    return Object.assign(nodeRef(actor), { link: linkRef(link) });
  }
}
