import type { Observable, Observer, OperatorFunction } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import type { Frame } from '../media/frame.ts';
import type { LinkOptions } from '../node/link-options.ts';
import { type Supervision, supervisionKeys } from '../node/supervision.ts';
import type { ControlMessage } from '../operators/actor-context.ts';
import type { Sink } from '../operators/sink.ts';

declare const portType: unique symbol;

/** A node's input: where a flow may lead. Contravariant: audio does not go where video is expected. */
export interface InputPort<F extends Frame> {
  /** The node's id and the port's name, for messages: `mixer.music`. */
  readonly id: string;
  /** Only a type: the frames that may enter. Nothing is there at run time. */
  readonly [portType]?: (frame: F) => void;
}

/** Options of the node that is added next, and of the link that leads to it. */
export interface NodeOptions extends Supervision {
  /** Unique within its group. Default: what the node is made of, numbered if taken. */
  readonly name?: string;
  /** How much the link to it may hold, and what happens when it is full. */
  readonly link?: LinkOptions;
}

/** A node in a graph, by which it is sent messages, interrupted and taken out again. */
export interface NodeRef {
  /** Unique in the graph, as `inspect()` and messages show it: its name, with its group's before it. */
  readonly id: string;
  /** Delivers a control message between two frames. Rejects with `SLUICE_NODE_CONTROL` if the node does not know it. */
  send(message: ControlMessage): Promise<void>;
}

/** A link, as `to` gives it where a port is linked, for `unlink` of a graph. */
export interface LinkRef {
  /** Unique in the graph, as `inspect()` shows it. */
  readonly id: string;
}

/** A sink in a graph. */
export interface SinkRef extends NodeRef {
  /** The link that leads to it. */
  readonly link: LinkRef;
}

/** A node of several ports, as `graph.add` gives it: lead flows to `node.in.<name>`, and from `node.out.<name>`. */
export interface NodeHandle<I, O> extends NodeRef {
  /** The declared inputs by name. */
  readonly in: I;
  /** The declared outputs by name. */
  readonly out: O;
}

/** What leaves a port, on its way. Leading it to several places is a branch: each gets every frame. */
export interface Flow<F extends Frame> {
  /** The node that it leaves. */
  readonly node: NodeRef;
  /** Options of the next node. */
  with(options: NodeOptions): Flow<F>;
  /** Adds one actor with a chain of RxJS operators. */
  pipe<A extends Frame>(a: OperatorFunction<F, A>): PipedFlow<A>;
  pipe<A extends Frame, B extends Frame>(a: OperatorFunction<F, A>, b: OperatorFunction<A, B>): PipedFlow<B>;
  pipe<A extends Frame, B extends Frame, C extends Frame>(
    a: OperatorFunction<F, A>,
    b: OperatorFunction<A, B>,
    c: OperatorFunction<B, C>,
  ): PipedFlow<C>;
  pipe<A extends Frame, B extends Frame, C extends Frame, D extends Frame>(
    a: OperatorFunction<F, A>,
    b: OperatorFunction<A, B>,
    c: OperatorFunction<B, C>,
    d: OperatorFunction<C, D>,
  ): PipedFlow<D>;
  pipe<A extends Frame, B extends Frame, C extends Frame, D extends Frame, E extends Frame>(
    a: OperatorFunction<F, A>,
    b: OperatorFunction<A, B>,
    c: OperatorFunction<B, C>,
    d: OperatorFunction<C, D>,
    e: OperatorFunction<D, E>,
  ): PipedFlow<E>;
  /** Ends in a sink. A factory makes a new one whenever the node is restarted. */
  to<R>(sink: Sink<F, R> | (() => Sink<F, R>)): SinkRef;
  /** Ends in any RxJS observer. */
  to(observer: Partial<Observer<F>> & { readonly id?: never }): SinkRef;
  /** Leads into a port of another node. */
  to(port: InputPort<F>): LinkRef;
}

/** What leaves a node that was added with `pipe`. */
export interface PipedFlow<F extends Frame> extends Flow<F> {
  /** The link that leads to the node. */
  readonly link: LinkRef;
}

/** A source of frames for `from`: a `Source` or any Observable of frames. */
export type FlowSource<F extends Frame> = Observable<F>;

/** Refuses options of a node that are none. `name` is the call that took them. */
export function checkNodeOptions(name: string, options: NodeOptions): NodeOptions {
  checkKeys<NodeOptions>(name, options, { ...supervisionKeys, name: true, link: true });
  return options;
}
