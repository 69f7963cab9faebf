import type { Frame } from '../media/frame.ts';
import type { NodeBlueprint, Ports } from '../node/define-node.ts';
import type { FrameOf, PortSpec } from '../node/port.ts';
import type { Supervision } from '../node/supervision.ts';
import type { Flow, FlowSource, InputPort, NodeHandle, NodeOptions, NodeRef } from './flow.ts';

export type InputsOf<I extends Ports> = { readonly [K in keyof I]: InputPort<FrameOf<I[K]>> };
export type OutputsOf<O extends Ports> = { readonly [K in keyof O]: Flow<FrameOf<O[K]>> };

/** A handle of a node whose inputs may grow. */
export interface BlueprintHandle<
  I extends Ports,
  O extends Ports,
  D extends PortSpec | undefined = PortSpec | undefined,
> extends NodeHandle<InputsOf<I>, OutputsOf<O>> {
  /** A dynamic input by name, for nodes that have them; `options` are the node's own, `{ gain: 0.5 }` for example. */
  input(name: string, options?: Readonly<Record<string, unknown>>): InputPort<FrameOf<D>>;
}

/** Where nodes are added: a graph, or a group in it. */
export interface GraphScope {
  /** Adds a source as an actor. */
  from<F extends Frame>(source: FlowSource<F>, options?: NodeOptions): Flow<F>;
  /** Adds a node with named ports. */
  add<I extends Ports, O extends Ports, D extends PortSpec | undefined>(
    blueprint: NodeBlueprint<I, O, D>,
    options?: NodeOptions,
  ): BlueprintHandle<I, O, D>;
  /**
   * A sub-graph: nodes added in `build` carry the name as a prefix, are drawn together, may be supervised together and
   * interrupted together. A composite that is used again is a plain function that takes the scope and flows.
   */
  group<T>(name: string, build: (scope: GraphScope) => T, options?: Supervision): T;
  /** The same flow, with what follows added in this scope; or what leaves a node of one output, by its reference or id. */
  follow<F extends Frame>(flow: Flow<F> | NodeRef | string): Flow<F>;
}
