import { SpanStatusCode } from '@opentelemetry/api';
import {
  type AudioFrame,
  audioFrame,
  callChannel,
  createOperator,
  createSink,
  graph,
  graphChannel,
  graphMetrics,
  micros,
  pullSource,
  pushSource,
  SluiceError,
} from '@sluice/core';
import { type Telemetry, type TelemetryOptions, telemetry } from '@sluice/plugin-otel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inMemory } from './in-memory.ts';

let read: ReturnType<typeof inMemory>;
let telling: Telemetry;

beforeEach(() => {
  read = inMemory();
});
afterEach(async () => {
  telling.close();
  await read.close();
});

function tell(options: TelemetryOptions = {}): void {
  const { tracer, meter } = read;
  telling = telemetry({ tracer, meter, ...options });
}

/** So many frames of 20 ms. */
const numbers = (count: number) =>
  pullSource<AudioFrame>({ name: 'numbers' }, () => {
    let index = 0;
    return {
      read() {
        if (index === count) return null;
        const timestamp = micros(index++ * 20_000);
        return audioFrame({ samples: new Int16Array(320), sampleRate: 16_000, channels: 1, timestamp });
      },
    };
  });
const collect = () =>
  createSink<AudioFrame>({ name: 'collect', open: () => ({ write: (frame) => frame.close(), end() {} }) });

const broken = createOperator<AudioFrame, AudioFrame>({ name: 'broken' }, () => ({
  next() {
    throw new SluiceError('SLUICE_ABORTED', 'Ada said no');
  },
}));

describe('a graph', () => {
  it('is a span, with one for each node below it, and its interruption is an event', async () => {
    tell();
    const bot = graph('bot');
    bot.from(pushSource<AudioFrame>({ name: 'quiet' }, () => () => {})).to(collect());
    await bot.start();
    await bot.interrupt();
    await bot.stop();
    const spans = read.spans();
    const run = spans.find(({ name }) => name === 'sluice.graph')!;
    expect(run.attributes).toEqual({ 'sluice.graph.name': 'bot', 'sluice.graph.status': 'stopped' });
    expect(run.events.map(({ name, attributes }) => [name, ...Object.values(attributes ?? {})])).toContainEqual([
      'sluice.graph.interrupt',
      2,
    ]);
    const nodes = spans.filter(({ name }) => name === 'sluice.node');
    expect(nodes.map(({ attributes }) => attributes['sluice.node.id'])).toEqual(['quiet', 'collect']);
    for (const { parentSpanContext, attributes } of nodes) {
      expect(parentSpanContext?.spanId).toBe(run.spanContext().spanId);
      expect(attributes['sluice.node.state']).toBe(attributes['sluice.node.id'] === 'quiet' ? 'stopped' : 'ended');
    }
  });

  it('that fails says by which error, and repeats its words only if they may be told', async () => {
    for (const personal of [false, true]) {
      tell({ personal });
      const bot = graph('bot');
      bot.from(numbers(3)).pipe(broken).to(collect());
      await bot.run().catch(() => {});
      telling.close();
    }
    const runs = read.spans().filter(({ name }) => name === 'sluice.graph');
    expect(runs.map(({ status }) => status.code)).toEqual([SpanStatusCode.ERROR, SpanStatusCode.ERROR]);
    expect(runs.map(({ attributes }) => attributes['error.type'])).toEqual(Array(2).fill('SLUICE_ABORTED'));
    const [quiet, open] = runs.map((run) => {
      const { traceId } = run.spanContext();
      const spans = read.spans().filter((span) => span.spanContext().traceId === traceId);
      return JSON.stringify(spans.map(({ attributes, events, status }) => [attributes, events, status]));
    });
    expect(quiet).not.toContain('Ada said no');
    expect(open).toContain('Ada said no');
  });

  it('has no spans of nodes if they are not wanted, and none at all after the end', async () => {
    tell({ nodes: false });
    const first = graph('first');
    first.from(numbers(1)).to(collect());
    await first.run();
    const open = graph('open');
    await open.start();
    telling.close();
    expect(graphChannel.hasSubscribers).toBe(false);
    expect(read.spans().map(({ name, attributes }) => [name, attributes['sluice.graph.name']])).toEqual([
      ['sluice.graph', 'first'],
      ['sluice.graph', 'open'],
    ]);
    open.abort();
    await open.finished.catch(() => {});
    expect(read.spans()).toHaveLength(2);
  });

  it('that is watched tells its numbers when the meter is read', async () => {
    tell();
    const bot = graph('bot');
    const cancel = telling.watch(bot);
    bot.from(numbers(300)).to(collect());
    await bot.run();
    const { points, unit } = await read.metric('sluice.node.frames.in');
    expect(unit).toBe('{frame}');
    expect(points).toContainEqual({
      attributes: { 'sluice.graph.name': 'bot', 'sluice.node.id': 'collect' },
      value: 300,
    });
    for (const { name, samples } of graphMetrics([bot.inspect()]))
      expect((await read.metric(name)).points, name).toHaveLength(samples.length);
    let asked = 0;
    bot.figures('asked', () => ({ asked: ++asked }));
    await read.metric('sluice.figure');
    cancel();
    await read.metric('sluice.figure');
    expect(asked).toBe(1);
  });
});

describe('a call', () => {
  const url = 'https://host/room';

  it('is a span from joining to having left; its room is told only if it may be', async () => {
    for (const personal of [false, true]) {
      tell({ personal });
      for (const state of ['joining', 'joined', 'leaving', 'left'] as const)
        callChannel.publish({
          client: 7,
          state,
          url,
          ...(state === 'leaving' ? { error: new TypeError('lost') } : {}),
        });
      telling.close();
    }
    expect(read.spans().map(({ name, attributes }) => [name, attributes])).toEqual([
      ['sluice.call', { 'sluice.call.client': 7, 'error.type': 'TypeError' }],
      [
        'sluice.call',
        { 'sluice.call.client': 7, 'url.full': url, 'error.type': 'TypeError', 'exception.message': 'lost' },
      ],
    ]);
    const { points } = await read.metric('sluice.call.duration');
    expect(points).toMatchObject([{ attributes: { 'error.type': 'TypeError' }, value: { count: 2 } }]);
  });

  it('that is on when telling ends is told so far', () => {
    tell();
    callChannel.publish({ client: 8, state: 'joining', url });
    telling.close();
    callChannel.publish({ client: 8, state: 'left', url });
    expect(read.spans().map(({ name }) => name)).toEqual(['sluice.call']);
  });
});

it('refuses what it does not understand', () => {
  tell();
  expect(() => telemetry({ colour: true } as never)).toThrow(/colour/);
  expect(() => telemetry({ personal: 'yes' } as never)).toThrow(TypeError);
  expect(() => telemetry({ tracer: {} } as never)).toThrow(TypeError);
  expect(() => telemetry({ meter: {} } as never)).toThrow(TypeError);
});
