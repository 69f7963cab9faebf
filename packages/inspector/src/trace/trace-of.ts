import type { InspectEvent, InspectMessage, Sample, Topology } from '../protocol/messages.ts';
import { GraphTracer } from './graph-tracer.ts';
import { talkEvents } from './talk-events.ts';
import { PROCESS, pidOf, Threads, type Trace, type TraceEvent } from './trace-event.ts';

/**
 * What was told of graphs as a trace in the form of Chrome, which ui.perfetto.dev and chrome://tracing open: when each node
 * worked, waited for room or stood still, what links held and dropped, what happened, what was said, and what the process took.
 * As fine as samples came.
 *
 * @param messages In the order in which they came: of `lookAt`, or of a session's file
 * @example
 * const messages: InspectMessage[] = [];
 * for await (const message of lookAt(file)) if (messages.push(message) > 50) break;
 * await writeFile('trace.json', JSON.stringify(traceOf(messages)));
 */
export function traceOf(messages: readonly InspectMessage[]): Trace {
  const zero = messages.find((message) => message.type === 'sample')?.t ?? 0;
  const micros = (t: number) => Math.round(1_000 * (t - zero));
  const events: TraceEvent[] = [];
  const threads = new Threads(events);
  let topology: Topology | undefined;
  let tracers = new Map<number, GraphTracer>();
  const named = new Set<number>();
  const end = () => {
    for (const tracer of tracers.values()) tracer.end();
  };
  const begin = (fresh: Topology) => {
    end();
    topology = fresh;
    tracers = new Map(fresh.graphs.map((one) => [one.graph, new GraphTracer(one, threads, events)]));
    for (const { graph, name } of fresh.graphs) {
      if (named.has(graph)) continue;
      named.add(graph);
      events.push(nameOf(pidOf(graph), `graph ${name}`));
    }
  };
  for (const message of messages) {
    if (message.type === 'topology') begin(message);
    else if (message.type === 'event') events.push(happened(message, threads, micros));
    else if (message.type === 'talk') events.push(...talkEvents(message, threads, micros));
    else if (message.type === 'sample' && message.revision === topology?.revision) {
      const ts = micros(message.t);
      for (const sample of message.graphs) tracers.get(sample.graph)?.take(sample, ts);
      events.push(...vitalsOf(message, ts));
    }
  }
  end();
  const program = messages.find((message) => message.type === 'hello')?.program ?? '';
  events.push(nameOf(PROCESS, `process ${program}`.trim()));
  return {
    traceEvents: events,
    displayTimeUnit: 'ms',
    otherData: { program, startedAt: new Date(zero).toISOString() },
  };
}

function nameOf(pid: number, name: string): TraceEvent {
  return { name: 'process_name', ph: 'M', ts: 0, pid, tid: 0, args: { name } };
}

/** Samples come five times a second: each number has a curve. */
function vitalsOf({ process: { cpu, rssMb, lagMs, gcMs } }: Sample, ts: number): TraceEvent[] {
  const curves = { 'CPU %': Math.round(1_000 * cpu) / 10, 'memory MB': rssMb, 'loop late ms': lagMs };
  return Object.entries(gcMs === undefined ? curves : { ...curves, 'GC ms/s': gcMs }).map(([name, value]) => ({
    name,
    ph: 'C',
    ts,
    pid: PROCESS,
    tid: 0,
    args: { value },
  }));
}

function happened(
  { t, graph, kind, node, link, text, code }: InspectEvent,
  threads: Threads,
  micros: (t: number) => number,
): TraceEvent {
  return {
    name: node === undefined && link === undefined ? `${kind} ${text}` : kind,
    ph: 'i',
    s: node === undefined ? 'p' : 't',
    ts: micros(t),
    pid: pidOf(graph),
    tid: node === undefined ? 0 : threads.of(graph, node),
    args: { text, ...(link === undefined ? {} : { link }), ...(code === undefined ? {} : { code }) },
  };
}
