import { type Context, context, ROOT_CONTEXT, type Span, type Tracer, trace } from '@opentelemetry/api';
import type { GraphMessage, InterruptMessage, NodeMessage } from '@sluice/core';
import { eventNames, spanNames } from './names.ts';
import type { Teller } from './teller.ts';

interface OpenNode {
  readonly span: Span;
  /** The error that was told last: each change of state carries it again. */
  error: Error | undefined;
}

interface OpenGraph {
  readonly span: Span;
  readonly context: Context;
  readonly nodes: Map<string, OpenNode>;
}

/** A span for each run of a graph, and below it one for the life of each node. */
export class GraphSpans {
  readonly #tracer: Tracer;
  readonly #teller: Teller;
  readonly #withNodes: boolean;
  readonly #open = new Map<number, OpenGraph>();

  constructor(tracer: Tracer, teller: Teller, withNodes: boolean) {
    this.#tracer = tracer;
    this.#teller = teller;
    this.#withNodes = withNodes;
  }

  /** Under what the spans of a graph stand; nothing, if its start was not seen. */
  contextOf(id: number): Context {
    return this.#open.get(id)?.context ?? ROOT_CONTEXT;
  }

  onGraph({ graph, id, status, error }: GraphMessage): void {
    if (status === 'starting') return void this.#begin(graph, id);
    const open = this.#open.get(id);
    if (open === undefined) return;
    open.span.addEvent(eventNames.status, this.#teller.say({ graphStatus: status }));
    if (status !== 'done' && status !== 'failed' && status !== 'stopped') return;
    for (const { span } of open.nodes.values()) span.end();
    open.span.setAttributes(this.#teller.say({ graphStatus: status }));
    if (status === 'failed') this.#teller.failed(open.span, error);
    open.span.end();
    this.#open.delete(id);
  }

  onNode({ id, graph, node, state, error }: NodeMessage): void {
    const open = this.#open.get(id);
    if (open === undefined || !this.#withNodes) return;
    const one = open.nodes.get(node);
    if (one === undefined) {
      if (state === 'running') open.nodes.set(node, { span: this.#beginNode(open, graph, node), error });
      return;
    }
    const { span } = one;
    if (error !== undefined && error !== one.error) this.#teller.event(span, error);
    one.error = error;
    if (state === 'running' || state === 'down') {
      span.addEvent(eventNames.state, this.#teller.say({ nodeState: state }));
      return;
    }
    span.setAttributes(this.#teller.say({ nodeState: state }));
    if (state === 'failed') this.#teller.failed(span, error);
    span.end();
    open.nodes.delete(node);
  }

  onInterrupt({ id, epoch }: InterruptMessage): void {
    this.#open.get(id)?.span.addEvent(eventNames.interrupt, this.#teller.say({ epoch }));
  }

  /** What has not ended ends, so that it is told at all. */
  close(): void {
    for (const { span, nodes } of this.#open.values()) {
      for (const node of nodes.values()) node.span.end();
      span.end();
    }
    this.#open.clear();
  }

  #begin(graph: string, id: number): void {
    const around = context.active();
    const span = this.#tracer.startSpan(spanNames.graph, { attributes: this.#teller.say({ graph }) }, around);
    this.#open.set(id, { span, context: trace.setSpan(around, span), nodes: new Map() });
  }

  #beginNode(open: OpenGraph, graph: string, node: string): Span {
    return this.#tracer.startSpan(spanNames.node, { attributes: this.#teller.say({ graph, node }) }, open.context);
  }
}
