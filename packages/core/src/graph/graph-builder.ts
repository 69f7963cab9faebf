import type { Observable } from 'rxjs';
import { invalidArgument, SluiceError } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import type { NodeBlueprint } from '../node/define-node.ts';
import { type ResolvedLinkOptions, resolveLinkOptions } from '../node/link-options.ts';
import { checkContract } from '../node/plugin-contract.ts';
import { operatorSpec, type SourceSpec, sourceSpec } from '../operators/node-spec.ts';
import type { Actor, ActorInput, ActorLink, ActorOutput } from '../runtime/actors/actor.ts';
import { NodeActor } from '../runtime/actors/node-actor.ts';
import { SinkActor } from '../runtime/actors/sink-actor.ts';
import { StreamActor } from '../runtime/actors/stream-actor.ts';
import type { AnyOperator } from '../runtime/actors/watched-chain.ts';
import { type Addition, emptyAddition } from '../runtime/addition.ts';
import { Link } from '../runtime/links/link.ts';
import { adaptLink } from '../runtime/negotiate.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { NodeOptions } from './flow.ts';

/** Makes actors and links of a runtime, and keeps what was added since its last start or change. */
export class GraphBuilder {
  readonly runtime: Runtime;
  readonly #guard: () => void;
  addition: Addition = emptyAddition();

  /** `guard` throws while the graph may not be built on. */
  constructor(runtime: Runtime, guard: () => void) {
    this.runtime = runtime;
    this.#guard = guard;
  }

  link(from: ActorOutput, to: ActorInput, options: NodeOptions): ActorLink {
    this.checkOwn(from.id, from.actor);
    this.checkOwn(to.id, to.actor);
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

  /** A new actor of a source, which leads nowhere yet. */
  source(source: Observable<Frame>, options: NodeOptions, groups: readonly string[]): StreamActor {
    if (typeof source?.subscribe !== 'function')
      throw invalidArgument(
        'source',
        'an Observable of frames; an output of a node is a flow already, as in node.out.out.to(sink)',
        source,
      );
    const id = this.name(options, sourceSpec(source)?.name ?? 'source', groups);
    const actor = new StreamActor(this.runtime, id, groups, { source });
    this.adopt(actor, options);
    return actor;
  }

  /** A new actor of a node that was defined, not linked to anything yet. */
  node(blueprint: NodeBlueprint, options: NodeOptions, groups: readonly string[]): NodeActor {
    checkContract(blueprint);
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

  /** Refuses what belongs to another graph. */
  checkOwn(what: string, actor: Actor): void {
    if (actor.host === this.runtime) return;
    throw new SluiceError('SLUICE_LINK_INVALID', `${what} is no part of graph ${this.runtime.name}`, {
      expected: `a port of graph ${this.runtime.name}`,
      received: `one of graph ${actor.host.name}`,
      fix: 'Build both ends on the same graph',
    });
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

/** What a link behind a live actor does when it is full; undefined where the sender can wait. */
export function overflowBehind(actor: Actor): SourceSpec['overflow'] {
  if (actor instanceof NodeActor) return actor.blueprint.live ? 'drop-oldest' : undefined;
  const spec = actor instanceof StreamActor ? actor.spec : undefined;
  return spec?.live === true ? (spec.overflow ?? 'drop-oldest') : undefined;
}
