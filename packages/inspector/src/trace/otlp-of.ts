// What was told of graphs as spans of OpenTelemetry. Names are those of @sluice/plugin-otel, which tells them while a graph runs.

import type { GraphTopology, InspectEvent, InspectMessage, Sample } from '../protocol/messages.ts';
import type { TalkNews } from '../protocol/talk.ts';
import {
  attributesOf,
  type Facts,
  hex,
  nanos,
  type OtlpEvent,
  type OtlpSpan,
  type OtlpTraces,
  spanOf,
} from './otlp-span.ts';

/**
 * Spans of what was told: of each graph for as long as it was looked at, of each node while it ran, of each reply with the parts of
 * its way. Faults are told by their codes; what people and agents said, and what errors say, is not in it.
 *
 * @param messages In the order in which they came: of `lookAt`, or of a session's file
 */
export function otlpOf(messages: readonly InspectMessage[]): OtlpTraces {
  const hello = messages.find((message) => message.type === 'hello');
  const samples = messages.filter((message) => message.type === 'sample');
  const events = messages.filter((message) => message.type === 'event');
  const talks = messages.filter((message) => message.type === 'talk');
  const graphs = new Map(
    messages.flatMap((message) => (message.type === 'topology' ? message.graphs : [])).map((one) => [one.graph, one]),
  );
  const spans = [...graphs.values()].flatMap((graph) =>
    spansOf(
      graph,
      samples,
      events.filter((event) => event.graph === graph.graph),
      talks.filter((talk) => talk.graph === graph.graph),
      messages,
    ),
  );
  const resource = { attributes: attributesOf({ 'service.name': 'sluice', 'process.command': hello?.program }) };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: '@sluice/inspector' }, spans }] }] };
}

function spansOf(
  { graph, name }: GraphTopology,
  samples: readonly Sample[],
  events: readonly InspectEvent[],
  talks: readonly TalkNews[],
  messages: readonly InspectMessage[],
): readonly OtlpSpan[] {
  const seen = samples.filter(({ graphs }) => graphs.some((one) => one.graph === graph));
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined) return [];
  const traceId = hex(16);
  const named = { 'sluice.graph.name': name };
  const statusAtEnd = last.graphs.find((one) => one.graph === graph)!.status;
  const whole = spanOf({
    ...{ traceId, name: 'sluice.graph', from: first.t, to: last.t },
    ...{ about: { ...named, 'sluice.graph.status': statusAtEnd }, failed: statusAtEnd === 'failed' },
    events: events.filter(({ node, link }) => node === undefined && link === undefined).map(eventOf),
  });
  const below = { traceId, parentSpanId: whole.spanId };
  const nodes = runsOf(graph, messages).map(({ node, from, to, failed }) =>
    spanOf({
      ...{ ...below, name: 'sluice.node', from, to, failed, about: { ...named, 'sluice.node.id': node } },
      events: events.filter((event) => event.node === node && event.t >= from && event.t <= to).map(eventOf),
    }),
  );
  return [whole, ...nodes, ...talks.flatMap((talk) => turnsOf(talk, below, named))];
}

interface Run {
  readonly node: string;
  readonly from: number;
  to: number;
  failed: boolean;
}

/** From when to when each node was seen running: anew after each failure. */
function runsOf(graph: number, messages: readonly InspectMessage[]): readonly Run[] {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  let nodes: readonly string[] = [];
  for (const message of messages) {
    if (message.type === 'topology')
      nodes = message.graphs.find((one) => one.graph === graph)?.nodes.map(({ id }) => id) ?? [];
    if (message.type !== 'sample') continue;
    const { states } = message.graphs.find((one) => one.graph === graph) ?? { states: [] };
    for (const [at, node] of nodes.entries()) {
      const state = states[at];
      const run = open.get(node);
      if (run !== undefined) run.to = message.t;
      if (state === 'running' && run === undefined) {
        const fresh = { node, from: message.t, to: message.t, failed: false };
        runs.push(fresh);
        open.set(node, fresh);
      } else if (state !== 'running' && run !== undefined) {
        run.failed = state === 'failed' || state === 'down';
        open.delete(node);
      }
    }
  }
  return runs;
}

type Place = Pick<OtlpSpan, 'traceId' | 'parentSpanId'>;

/** Of each reply a span, and one for each part of its way. */
function turnsOf({ zero, entries }: TalkNews, below: Place, named: Facts): readonly OtlpSpan[] {
  return entries.flatMap((entry): readonly OtlpSpan[] => {
    if (entry.type !== 'turn' || entry.steps.length === 0) return [];
    const { steps, asked, interrupted, traceId: known } = entry;
    const times = steps.map(({ atMs }) => zero + atMs);
    const turn = spanOf({
      ...{ ...below, name: 'sluice.turn', from: times[0]!, to: times.at(-1)! },
      about: { ...named, 'sluice.turn.id': asked, 'sluice.turn.interrupted': interrupted, 'sluice.turn.trace': known },
      events: steps.map(({ name }, at) => ({
        ...{ name: `sluice.turn.${name.replaceAll(' ', '-')}`, timeUnixNano: nanos(times[at]!), attributes: [] },
      })),
    });
    const parts = steps.slice(1).map(({ owner }, at) =>
      spanOf({
        ...{ traceId: below.traceId, parentSpanId: turn.spanId, name: 'sluice.turn.part' },
        ...{ from: times[at]!, to: times[at + 1]!, about: { ...named, 'sluice.turn.part.owner': owner } },
      }),
    );
    return [turn, ...parts];
  });
}

function eventOf({ t, kind, text, code }: InspectEvent): OtlpEvent {
  const names = { status: 'sluice.graph.status', interrupt: 'sluice.graph.interrupt', state: 'sluice.node.state' };
  const name = kind === 'error' || kind === 'drops' ? `sluice.${kind}` : names[kind];
  // What stands behind the status is what an error said.
  const said = kind === 'status' ? text.split(':')[0] : text;
  const about = kind === 'error' ? {} : { [name]: said };
  return { name, timeUnixNano: nanos(t), attributes: attributesOf({ ...about, 'error.type': code }) };
}
