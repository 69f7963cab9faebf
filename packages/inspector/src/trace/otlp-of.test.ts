import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js';
import { expect, it } from 'vitest';
import type { InspectMessage } from '../protocol/messages.ts';
import { otlpOf } from './otlp-of.ts';

const zero = Date.UTC(2026, 0, 1);
const nanos = (ms: number) => `${zero + ms}000000`;
const topology = {
  type: 'topology',
  revision: 1,
  graphs: [{ graph: 1, name: 'bot', nodes: [{ id: 'mic' }, { id: 'vad' }], links: [] }],
} as unknown as InspectMessage;
const sample = (t: number, status: string, ...states: readonly string[]) =>
  ({ type: 'sample', t: zero + t, revision: 1, graphs: [{ graph: 1, status, states }] }) as unknown as InspectMessage;
const event = (t: number, kind: string, node: string | undefined, text: string, code?: string) =>
  ({ type: 'event', t: zero + t, graph: 1, kind, node, text, code }) as InspectMessage;
const steps = [
  { name: 'last voiced', owner: 'turn', atMs: 300 },
  { name: 'first token', owner: 'model', atMs: 400 },
  { name: 'first audible', owner: 'device', atMs: 450.5 },
];
const talk: InspectMessage = {
  type: 'talk',
  graph: 1,
  zero,
  entries: [
    { type: 'line', id: 't1', who: 'person', text: 'my secret', words: [], startMs: 100, endMs: 300 },
    { type: 'turn', asked: 't1', reply: 'r1', steps, interrupted: false, traceId: 'ab'.repeat(16) },
  ],
};
const told = [
  { type: 'hello', program: 'bot.js' } as InspectMessage,
  topology,
  sample(0, 'running', 'running', 'running'),
  sample(200, 'running', 'running', 'running'),
  event(250, 'error', 'vad', 'the key of Ada is wrong', 'SLUICE_X'),
  sample(400, 'running', 'running', 'down'),
  talk,
  sample(600, 'running', 'running', 'running'),
  sample(800, 'failed', 'stopped', 'failed'),
  event(790, 'status', undefined, 'failed: the key of Ada is wrong', 'SLUICE_X'),
];

/** A message of the schema of OpenTelemetry. */
interface Schema {
  fromObject(json: object): object;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, forms: object): object;
}
interface Compiled {
  opentelemetry: { proto: { collector: { trace: { v1: { ExportTraceServiceRequest: Schema } } } } };
}

const scopeOf = (messages: readonly InspectMessage[]) => otlpOf(messages).resourceSpans[0]!.scopeSpans[0]!;

it('tells graphs, runs of nodes and replies with their parts, each below the one that it is a part of', () => {
  const { spans } = scopeOf(told);
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  expect(
    spans.map((span) => [span.name, names.get(span.parentSpanId ?? ''), span.startTimeUnixNano, span.endTimeUnixNano]),
  ).toEqual([
    ['sluice.graph', undefined, nanos(0), nanos(800)],
    ['sluice.node', 'sluice.graph', nanos(0), nanos(800)],
    ['sluice.node', 'sluice.graph', nanos(0), nanos(400)],
    ['sluice.node', 'sluice.graph', nanos(600), nanos(800)],
    ['sluice.turn', 'sluice.graph', nanos(300), `${zero + 450}500000`],
    ['sluice.turn.part', 'sluice.turn', nanos(300), nanos(400)],
    ['sluice.turn.part', 'sluice.turn', nanos(400), `${zero + 450}500000`],
  ]);
  expect(spans.map(({ status }) => status.code)).toEqual([2, 0, 2, 2, 0, 0, 0]);
  expect(spans[2]!.events).toEqual([
    {
      name: 'sluice.error',
      timeUnixNano: nanos(250),
      attributes: [{ key: 'error.type', value: { stringValue: 'SLUICE_X' } }],
    },
  ]);
  expect(spans[4]!.attributes).toContainEqual({ key: 'sluice.turn.interrupted', value: { boolValue: false } });
});

it('is in the form of the protocol: ids in hexadecimal, times as texts, one trace for a graph', () => {
  const { spans, scope } = scopeOf(told);
  expect(scope.name).toBe('@sluice/inspector');
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  for (const { traceId, spanId, startTimeUnixNano, endTimeUnixNano } of spans) {
    expect([traceId, spanId].join(' ')).toMatch(/^[0-9a-f]{32} [0-9a-f]{16}$/);
    expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
  }
});

it('has nothing of what was said, and nothing of what errors say', () => {
  expect(JSON.stringify(otlpOf(told))).not.toMatch(/secret|Ada/);
});

it('makes nothing of nothing, and nothing of a graph that nobody looked at', () => {
  expect(scopeOf([]).spans).toEqual([]);
  expect(scopeOf([topology, talk]).spans).toEqual([]);
});

it('is read whole by the schema of the protocol, in its binary form too', () => {
  const Traces = (root as unknown as Compiled).opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
  // Ids are hexadecimal in the JSON of OTLP, and base64 in that of all other protocol buffers; nothing in a list is the same as no list.
  const asBuffers = (key: string, value: unknown) => {
    if (Array.isArray(value) && value.length === 0) return undefined;
    return /Id$/.test(key) ? Buffer.from(String(value), 'hex').toString('base64') : value;
  };
  const given = JSON.parse(JSON.stringify(otlpOf(told)), asBuffers);
  const bytes = Traces.encode(Traces.fromObject(given)).finish();
  // What it does not know it leaves out.
  expect(Traces.toObject(Traces.decode(bytes), { longs: String, bytes: String })).toEqual(given);
});
