// Core's diagnostics channels and snapshots, told to OpenTelemetry. Knows its API alone: without an SDK it does nothing.

import type { Channel } from 'node:diagnostics_channel';
import { type Meter, metrics, type Tracer, trace } from '@opentelemetry/api';
import {
  type CallMessage,
  type Cancel,
  callChannel,
  checkKeys,
  type Graph,
  type GraphMessage,
  graphChannel,
  type InterruptMessage,
  interruptChannel,
  invalidArgument,
  type NodeMessage,
  nodeChannel,
  type TurnMessage,
  turnChannel,
} from '@sluice/core';
import { CallSpans } from './call-spans.ts';
import { GraphFigures } from './graph-figures.ts';
import { GraphSpans } from './graph-spans.ts';
import { Teller } from './teller.ts';
import { TurnSpans } from './turn-spans.ts';

/** Whom {@link telemetry} tells, and how much. */
export interface TelemetryOptions {
  /** Default: that of the registered provider, under the name `@sluice/plugin-otel`. */
  readonly tracer?: Tracer;
  /** Default: that of the registered provider, under the name `@sluice/plugin-otel`. */
  readonly meter?: Meter;
  /** A span for the life of each node. Default true. */
  readonly nodes?: boolean;
  /**
   * Tells what may tell of people: words of replies that were heard, URLs of rooms, messages of errors. Default false. Names of
   * graphs and nodes are always told.
   */
  readonly personal?: boolean;
}

/** What {@link telemetry} gives: graphs whose numbers are told, and an end. */
export interface Telemetry extends Disposable {
  /** Tells the numbers of a graph, too, whenever the meter is read. Returns what ends that. Ended graphs are told until then. */
  watch(graph: Graph): Cancel;
  /** Tells nothing any more. Spans that are open end. */
  close(): void;
}

/**
 * Tells OpenTelemetry what happens in this process: each run of a graph, node, reply of an agent and call is a span, how long
 * replies and calls took a histogram, and the numbers of the graphs it watches are metrics, read when the SDK collects. Set the SDK
 * up before. What began before this is no span.
 *
 * @throws TypeError for options that are not valid
 * @example
 * const telling = telemetry();
 * const bot = graph('bot');
 * telling.watch(bot);
 */
export function telemetry(options: TelemetryOptions = {}): Telemetry {
  checkKeys<TelemetryOptions>('telemetry', options, { tracer: true, meter: true, nodes: true, personal: true });
  const { nodes = true, personal = false } = options;
  for (const [name, value] of Object.entries({ nodes, personal }))
    if (typeof value !== 'boolean') throw invalidArgument(`telemetry.${name}`, 'true or false', value);
  const { tracer = trace.getTracer('@sluice/plugin-otel'), meter = metrics.getMeter('@sluice/plugin-otel') } = options;
  if (typeof tracer?.startSpan !== 'function') throw invalidArgument('telemetry.tracer', 'a tracer', tracer);
  if (typeof meter?.createHistogram !== 'function') throw invalidArgument('telemetry.meter', 'a meter', meter);

  const teller = new Teller(personal);
  const graphs = new GraphSpans(tracer, teller, nodes);
  const turns = new TurnSpans(tracer, meter, teller, (id) => graphs.contextOf(id));
  const calls = new CallSpans(tracer, meter, teller);
  const figures = new GraphFigures(meter);
  const cancels = [
    listen<GraphMessage>(graphChannel, (message) => graphs.onGraph(message)),
    listen<NodeMessage>(nodeChannel, (message) => graphs.onNode(message)),
    listen<InterruptMessage>(interruptChannel, (message) => graphs.onInterrupt(message)),
    listen<TurnMessage>(turnChannel, (message) => turns.onTurn(message)),
    listen<CallMessage>(callChannel, (message) => calls.onCall(message)),
  ];
  const close = () => {
    for (const cancel of cancels) cancel();
    graphs.close();
    calls.close();
    figures.close();
  };
  return { watch: (graph) => figures.watch(graph), close, [Symbol.dispose]: close };
}

function listen<M>(channel: Channel, take: (message: M) => void): Cancel {
  const onMessage = (message: unknown) => take(message as M);
  channel.subscribe(onMessage);
  return () => void channel.unsubscribe(onMessage);
}
