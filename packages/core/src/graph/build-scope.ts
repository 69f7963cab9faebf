import type { Observable } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import { invalidArgument, SluiceError } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import type { NodeBlueprint, Ports } from '../node/define-node.ts';
import type { FrameOf, PortSpec } from '../node/port.ts';
import { type Supervision, supervisionKeys } from '../node/supervision.ts';
import type { ActorOutput } from '../runtime/actors/actor.ts';
import type { NodeActor } from '../runtime/actors/node-actor.ts';
import { inputTaken } from '../runtime/link-errors.ts';
import type { PortOptions } from '../runtime/ports/in-port.ts';
import { checkNodeOptions, type Flow, type InputPort, type NodeOptions, type NodeRef } from './flow.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { BlueprintHandle, GraphScope, InputsOf, OutputsOf } from './graph-scope.ts';
import { PortFlow } from './port-flow.ts';
import { inputRef, nodeRef, ownActor } from './refs.ts';
/** Turns what users say in a scope, `from`, `add`, `group` and `follow`, into actors of a builder. */
export function buildScope(builder: GraphBuilder, groups: readonly string[]): GraphScope {
  return {
    from<F extends Frame>(source: Observable<F>, options: NodeOptions = {}) {
      const actor = builder.source(source as unknown as Observable<Frame>, checkNodeOptions('from', options), groups);
      return flowOf<F>(builder, actor.out, groups);
    },
    add: (blueprint, options = {}) => add(builder, blueprint, checkNodeOptions('add', options), groups),
    group: (name, build, options) => group(builder, name, build, options, groups),
    follow: (flow) => follow(builder, flow, groups),
  };
}

function flowOf<F extends Frame>(builder: GraphBuilder, port: ActorOutput, groups: readonly string[]): Flow<F> {
  return new PortFlow(builder, port, groups, {}) as unknown as Flow<F>;
}

function add<I extends Ports, O extends Ports, D extends PortSpec | undefined>(
  builder: GraphBuilder,
  blueprint: NodeBlueprint<I, O, D>,
  options: NodeOptions,
  groups: readonly string[],
): BlueprintHandle<I, O, D> {
  const actor = builder.node(blueprint as unknown as NodeBlueprint, options, groups);
  const inputs = Object.fromEntries(actor.inputs.map((port) => [port.name, inputRef(port)]));
  const outputs = Object.fromEntries(actor.outputs.map((port) => [port.name, flowOf(builder, port, groups)]));
  return Object.assign(nodeRef(actor), {
    in: inputs as unknown as InputsOf<I>,
    out: outputs as unknown as OutputsOf<O>,
    input: (name: string, portOptions: PortOptions = {}) => namedInput<FrameOf<D>>(builder, actor, name, portOptions),
  });
}

function namedInput<F extends Frame>(
  { addition }: GraphBuilder,
  actor: NodeActor,
  name: string,
  options: PortOptions,
): InputPort<F> {
  const present = actor.byName.find(name);
  if (present !== undefined) {
    const again = Object.keys(options).length === 0;
    if (again && !present.ended) return inputRef(present);
    const waits = !actor.inputs.includes(present);
    const used =
      addition.links.some(({ to }) => to === present) || (actor.state === 'idle' && present.links.length > 0);
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
  if (actor.state !== 'idle') addition.ports.push(port);
  return inputRef(port);
}

function follow<F extends Frame>(
  builder: GraphBuilder,
  from: Flow<F> | NodeRef | string,
  groups: readonly string[],
): Flow<F> {
  if (from instanceof PortFlow) {
    builder.checkOwn(from.node.id, from.actor);
    return from.inGroups(groups) as unknown as Flow<F>;
  }
  const actor = ownActor(builder.runtime, from as NodeRef | string);
  const [port, ...others] = actor.outputs;
  if (port === undefined || others.length > 0)
    throw invalidArgument('follow', 'a flow, or a node of one output', `${actor.id}, of ${actor.outputs.length}`);
  return flowOf<F>(builder, port, groups);
}

function group<T>(
  builder: GraphBuilder,
  name: string,
  build: (scope: GraphScope) => T,
  options: Supervision | undefined,
  groups: readonly string[],
): T {
  const path = groups.length === 0 ? name : `${groups.at(-1)}/${name}`;
  if (options !== undefined) checkKeys<Supervision>('group', options, supervisionKeys);
  if (options?.onError !== undefined) builder.runtime.supervise(path, options);
  return build(buildScope(builder, [...groups, path]));
}
