import { talkOf } from '@sluice/core/voice';
import { telemetry } from '@sluice/plugin-otel';
import { expect, it } from 'vitest';
import { inMemory } from '../packages/plugin-otel/test/in-memory.ts';
import { scriptedModel, VirtualConversation } from './virtual-conversation.ts';

const { model } = scriptedModel(({ id, epoch }, { emit }) => {
  emit({ type: 'text', id, epoch, text: 'My secret is blue.' });
  emit({ type: 'finished', id, epoch });
});

it.each([false, true])('a reply of an agent is a span with its parts; its words are told: %s', async (personal) => {
  const read = inMemory();
  const { tracer, meter } = read;
  const telling = telemetry({ tracer, meter, personal, nodes: false });
  await using talk = await VirtualConversation.begin([[500, 1_500]], ['tell me'], { model });
  await talk.clock.advance(8_000);
  telling.close();
  const spans = read.spans();
  const turn = spans.find(({ name }) => name === 'sluice.turn')!;
  const run = spans.find(({ name }) => name === 'sluice.graph')!;
  expect(turn.parentSpanContext?.spanId).toBe(run.spanContext().spanId);
  // Who looks at the talk finds the trace by it.
  expect(
    talkOf(talk.bot)
      .since(0)
      .find(({ type }) => type === 'turn'),
  ).toMatchObject({ traceId: turn.spanContext().traceId });
  const parts = spans.filter(({ name }) => name === 'sluice.turn.part');
  expect(parts.map(({ attributes }) => attributes['sluice.turn.part.owner'])).toEqual([
    'turn',
    'model',
    'sentence',
    'synthesizer',
    'device',
  ]);
  const ms = ([seconds, nanos]: readonly [number, number]) => seconds * 1_000 + nanos / 1e6;
  const whole = parts.reduce((sum, { duration }) => sum + ms(duration), 0);
  expect(whole).toBeCloseTo(ms(turn.duration), 1);
  const trace = talk.events.findLast((event) => event.type === 'trace')!.trace;
  expect(ms(turn.duration)).toBeCloseTo(trace.firstAudibleMs! - trace.voicedEndMs, 1);
  expect(turn.events.at(-1)?.name).toBe('sluice.turn.first-audible');
  const { points } = await read.metric('sluice.turn.latency');
  expect(points).toMatchObject([{ value: { count: 1, sum: expect.closeTo(ms(turn.duration) / 1_000, 3) } }]);
  const told = JSON.stringify(spans.map(({ attributes, events }) => [attributes, events]));
  expect(told.includes('blue')).toBe(personal);
  await read.close();
});
