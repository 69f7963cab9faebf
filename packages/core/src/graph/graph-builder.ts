import type { Observable, OperatorFunction } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import { invalidArgument, SluiceError } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import type { NodeBlueprint, Ports } from '../node/define-node.ts';
import { type ResolvedLinkOptions, resolveLinkOptions } from '../node/link-options.ts';
import type { FrameOf, PortSpec } from '../node/port.ts';
import { type Supervision, supervisionKeys } from '../node/supervision.ts';
import type { ControlMessage } from '../operators/actor-context.ts';
import { operatorSpec, type SourceSpec, sinkSpec, sourceSpec } from '../operators/node-spec.ts';
import type { Actor, ActorInput, ActorLink, ActorOutput } from '../runtime/actors/actor.ts';
import { NodeActor } from '../runtime/actors/node-actor.ts';
import { type AnySink, SinkActor } from '../runtime/actors/sink-actor.ts';
import { StreamActor } from '../runtime/actors/stream-actor.ts';
import { type Addition, emptyAddition } from '../runtime/addition.ts';
import { inputTaken } from '../runtime/link-errors.ts';
import { Link } from '../runtime/links/link.ts';
import { adaptLink } from '../runtime/negotiate.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { sendControl } from '../runtime/send-control.ts';
import type { Flow, InputPort, LinkRef, NodeOptions, NodeRef, SinkRef } from './flow.ts';
import type { BlueprintHandle, GraphScope, InputsOf, OutputsOf } from './graph-scope.ts';

export type AnyOperator = OperatorFunction<Frame, Frame>;

const inPorts = new WeakMap<object, ActorInput>();
const linksOf = new WeakMap<object, ActorLink>();
const actorsOf = new WeakMap<object, Actor>();

export const actorOf = (node: NodeRef): Actor | undefined => actorsOf.get(node);

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

/** Turns `from`, `pipe`, `to` and `add` into actors and links of a runtime. */
export class GraphBuilder {
  readonly runtime: Runtime;
  readonly #guard: () => void;
  addition: Addition = emptyAddition();

  /** `guard` throws while the graph may not be built on. */
  constructor(runtime: Runtime, guard: () => void) {
    this.runtime = runtime;
    this.#guard = guard;
  }

  scope(groups: readonly string[]): GraphScope {
    return {
      from: (source, options = {}) => this.#from(source, checkNodeOptions('from', options), groups),
      add: (blueprint, options = {}) => this.#add(blueprint, checkNodeOptions('add', options), groups),
      group: (name, build, options) => this.#group(name, build, options, groups),
      follow: (flow) => this.#follow(flow, groups),
    };
  }

  link(from: ActorOutput, to: ActorInput, options: NodeOptions): ActorLink {
    this.#checkOwn(from.id, from.actor);
    this.#checkOwn(to.id, to.actor);
    if (!(to.actor instanceof NodeActor ? to.actor.byName.has(to) : to.actor.inputs.includes(to)))
      throw new SluiceError('SLUICE_LINK_INVALID', `the input ${to.id} went with its last link`, {
        fix: `Ask for it again with input('${to.name}')`,
      });
    const overflow = overflowBehind(from.actor);
    if (overflow !== undefined && options.link?.policy === 'block')
      throw new SluiceError('SLUICE_GRAPH_INVALID', `${from.actor.id} is live and cannot wait`, {
        expected: 'the link policy drop-oldest, drop-newest, latest or error',
        received: 'block',
      });
    const wanted = to.actor instanceof StreamActor ? to.actor.overflow : undefined;
    const id = this.linkId(from, to);
    const policy = overflow === undefined ? 'block' : (wanted ?? overflow);
    return this.connect(id, from, to, resolveLinkOptions(options.link ?? {}, policy));
  }

  /** A link between ports that are known to fit. */
  connect(id: string, from: ActorOutput, to: ActorInput, options: ResolvedLinkOptions): ActorLink {
    this.#guard();
    const link = new Link(id, from, to, options, adaptLink);
    this.runtime.wiring.links.set(id, link);
    this.addition.links.push(link);
    return link;
  }

  /** A free id for a link. */
  linkId(from: ActorOutput, to: ActorInput): string {
    const port = to.name === 'in' ? '' : `.${to.name}`;
    return this.#free(this.runtime.wiring.links, `${from.actor.id}->${to.actor.id}${port}`);
  }

  adopt(actor: Actor, options: NodeOptions): void {
    this.#guard();
    if (options.onError !== undefined) this.#supervise(actor, options);
    const former = this.runtime.actors.get(actor.id);
    if (former !== undefined) this.#displace(former);
    this.runtime.wiring.actors.set(actor.id, actor);
    this.addition.actors.push(actor);
  }

  /** A free id for a node of the given kind in its groups. */
  name(options: NodeOptions, fallback: string, groups: readonly string[]): string {
    const prefix = groups.length === 0 ? '' : `${groups.at(-1)}/`;
    const { actors } = this.runtime;
    if (options.name === undefined) return this.#free(actors, `${prefix}${fallback}`);
    if (!/^[\w][\w. -]*$/.test(options.name))
      throw invalidArgument('name', 'letters, digits, spaces, dots, hyphens', options.name);
    const id = `${prefix}${options.name}`;
    const taken = actors.get(id);
    if (taken !== undefined && !this.#leaves(taken))
      throw new SluiceError('SLUICE_GRAPH_INVALID', `there is a node ${id} already`, {
        fix: 'Choose another name, or remove that node before in the same change',
      });
    return id;
  }

  /** Whether the actor's name is free for another: it is over, or goes with this change. */
  #leaves(actor: Actor): boolean {
    return actor.over || this.addition.removals.some((removal) => 'actor' in removal && removal.actor === actor);
  }

  #displace(actor: Actor): void {
    const { id } = actor;
    this.addition.displaced.push({ actor, id });
    this.runtime.wiring.rename(actor, this.#free(this.runtime.actors, `${id}-leaving`));
  }

  #from<F extends Frame>(source: Observable<F>, options: NodeOptions, groups: readonly string[]): Flow<F> {
    if (typeof source?.subscribe !== 'function') throw invalidArgument('source', 'an Observable of frames', source);
    const id = this.name(options, sourceSpec(source)?.name ?? 'source', groups);
    const actor = new StreamActor(this.runtime, id, groups, { source: source as unknown as Observable<Frame> });
    this.adopt(actor, options);
    return new PortFlow(this, actor.out, groups, {}) as unknown as Flow<F>;
  }

  #add<I extends Ports, O extends Ports, D extends PortSpec | undefined>(
    blueprint: NodeBlueprint<I, O, D>,
    options: NodeOptions,
    groups: readonly string[],
  ): BlueprintHandle<I, O, D> {
    const actor = this.node(blueprint as unknown as NodeBlueprint, options, groups);
    const inputs = Object.fromEntries(actor.inputs.map((port) => [port.name, inputRef(port)]));
    const outputs = Object.fromEntries(actor.outputs.map((port) => [port.name, new PortFlow(this, port, groups, {})]));
    return Object.assign(nodeRef(actor), {
      in: inputs as unknown as InputsOf<I>,
      out: outputs as unknown as OutputsOf<O>,
      input: (name: string, portOptions: Readonly<Record<string, unknown>> = {}) =>
        this.#dynamic<FrameOf<D>>(actor, name, portOptions),
    });
  }

  #dynamic<F extends Frame>(actor: NodeActor, name: string, options: Readonly<Record<string, unknown>>): InputPort<F> {
    const present = actor.byName.find(name);
    if (present !== undefined) {
      const again = Object.keys(options).length === 0;
      if (again && !present.ended) return inputRef(present);
      const waits = !actor.inputs.includes(present);
      const used =
        this.addition.links.some(({ to }) => to === present) || (actor.state === 'idle' && present.links.length > 0);
      if (used && !present.ended) throw inputTaken(present, options);
      // It never began, or another change announced it: this is another one. Of one that runs, the change decides.
      if (waits) actor.byName.withdraw(present);
      else if (actor.state === 'idle') actor.byName.remove(present);
    }
    if (actor.blueprint.dynamicInputs === undefined)
      throw new SluiceError('SLUICE_LINK_INVALID', `${actor.id} has no input ${name}`, {
        expected: `one of ${actor.inputs.map((port) => port.name).join(', ')}`,
      });
    actor.blueprint.checkInput(name, options);
    const port = actor.byName.announce(name, options);
    if (actor.state !== 'idle') this.addition.ports.push(port);
    return inputRef(port);
  }

  #follow<F extends Frame>(from: Flow<F> | NodeRef | string, groups: readonly string[]): Flow<F> {
    if (from instanceof PortFlow) {
      this.#checkOwn(from.node.id, actorsOf.get(from.node)!);
      return from.inGroups(groups) as unknown as Flow<F>;
    }
    const actor = ownActor(this.runtime, from as NodeRef | string);
    const [port, ...others] = actor.outputs;
    if (port === undefined || others.length > 0)
      throw invalidArgument('follow', 'a flow, or a node of one output', `${actor.id}, of ${actor.outputs.length}`);
    return new PortFlow(this, port, groups, {}) as unknown as Flow<F>;
  }

  /** A new actor of a node that was defined, not linked to anything yet. */
  node(blueprint: NodeBlueprint, options: NodeOptions, groups: readonly string[]): NodeActor {
    if (typeof blueprint?.create !== 'function')
      throw invalidArgument('blueprint', 'what a factory made with defineNode returns: add(mixer())', blueprint);
    const actor = new NodeActor(this.runtime, this.name(options, blueprint.name, groups), groups, blueprint);
    this.adopt(actor, options);
    return actor;
  }

  /** A new actor with a chain of operators, not linked to anything yet. */
  chain(operators: readonly AnyOperator[], options: NodeOptions, groups: readonly string[]): StreamActor {
    if (operators.length === 0 || operators.some((operator) => typeof operator !== 'function'))
      throw invalidArgument('pipe', 'one RxJS operator or more', operators.length === 0 ? 'nothing' : operators);
    const names = operators.map((operator) => operatorSpec(operator)?.name ?? (operator.name || 'operator'));
    const actor = new StreamActor(this.runtime, this.name(options, names.join('+'), groups), groups, { operators });
    this.adopt(actor, options);
    return actor;
  }

  #checkOwn(what: string, actor: Actor): void {
    if (actor.host === this.runtime) return;
    throw new SluiceError('SLUICE_LINK_INVALID', `${what} is no part of graph ${this.runtime.name}`, {
      expected: `a port of graph ${this.runtime.name}`,
      received: `one of graph ${actor.host.name}`,
      fix: 'Build both ends on the same graph',
    });
  }

  #group<T>(
    name: string,
    build: (scope: GraphScope) => T,
    options: Supervision | undefined,
    groups: readonly string[],
  ): T {
    const path = groups.length === 0 ? name : `${groups.at(-1)}/${name}`;
    if (options !== undefined) checkKeys<Supervision>('group', options, supervisionKeys);
    if (options?.onError !== undefined) this.runtime.supervise(path, options);
    return build(this.scope([...groups, path]));
  }

  #supervise(actor: Actor, options: NodeOptions): void {
    if (
      actor instanceof SinkActor &&
      (options.onError === 'resume' || (options.onError === 'restart' && !actor.restartable))
    )
      throw new SluiceError('SLUICE_GRAPH_INVALID', `the sink ${actor.id} cannot be used again after it failed`, {
        expected: 'a factory: to(() => toX(...)) with onError: restart',
        received: `onError: ${options.onError}`,
      });
    if (actor.kind === 'source' && options.onError === 'resume')
      throw new SluiceError('SLUICE_GRAPH_INVALID', `the source ${actor.id} cannot resume after it failed`, {
        expected: 'onError: restart, stop or escalate',
      });
    this.runtime.supervise(actor, options);
  }

  #free(taken: ReadonlyMap<string, unknown>, name: string): string {
    if (!taken.has(name)) return name;
    let number = 2;
    while (taken.has(`${name}-${number}`)) number++;
    return `${name}-${number}`;
  }
}

function checkNodeOptions(name: string, options: NodeOptions): NodeOptions {
  checkKeys<NodeOptions>(name, options, { ...supervisionKeys, name: true, link: true });
  return options;
}

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
    const port = inPorts.get(target);
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

/** What a link behind a live actor does when it is full; undefined where the sender can wait. */
export function overflowBehind(actor: Actor): SourceSpec['overflow'] {
  if (actor instanceof NodeActor) return actor.blueprint.live ? 'drop-oldest' : undefined;
  const spec = actor instanceof StreamActor ? actor.spec : undefined;
  return spec?.live === true ? (spec.overflow ?? 'drop-oldest') : undefined;
}

export function nodeRef(actor: Actor): NodeRef {
  const ref = { id: actor.id, send: (message: ControlMessage) => sendControl(actor, message) };
  actorsOf.set(ref, actor);
  return ref;
}

function inputRef<F extends Frame>(port: ActorInput): InputPort<F> {
  const ref = { id: port.id };
  inPorts.set(ref, port);
  return ref;
}

export function linkRef(link: ActorLink): LinkRef {
  const ref = { id: link.id };
  linksOf.set(ref, link);
  return ref;
}
