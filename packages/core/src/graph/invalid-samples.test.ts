import { mergeMap, tap } from 'rxjs';
import { expect, test } from 'vitest';
import { collect, numbers } from '../../test/graph-fixtures.ts';
import { type AudioFrame, createOperator, graph, graphMetrics, mapAsync } from '../index.ts';
import { floatToInt16 } from '../kernels/index.ts';

/** A model whose every frame holds two samples that are no numbers. */
const broken = Float32Array.of(0.5, Number.NaN, Number.NEGATIVE_INFINITY);

test('samples that are no numbers are counted at the node that made sound of them, and reported once', async () => {
  const bot = graph('floats');
  const model = tap<AudioFrame>(() => expect([...floatToInt16(broken)]).toEqual([16_384, 0, 0]));
  bot
    .from(numbers(5))
    .with({ name: 'model' })
    .pipe(model)
    .with({ name: 'after' })
    .pipe(mergeMap((frame: AudioFrame) => [frame]))
    .to(collect());
  await bot.run();
  const { nodes, problems } = bot.inspect();
  const told = nodes.map(({ id, invalidSamples, errors }) => [id, invalidSamples, errors]);
  expect(told).toEqual([
    ['numbers', 0, 0],
    ['model', 10, 1],
    ['after', 0, 0],
    ['collect', 0, 0],
  ]);
  expect(nodes[1]).toMatchObject({ lastErrorCode: 'SLUICE_SAMPLES_INVALID', state: 'ended' });
  expect(problems).toHaveLength(1);
  const metric = graphMetrics([bot.inspect()]).find(({ name }) => name === 'sluice.node.samples.invalid');
  expect(metric?.samples.map(({ value }) => value)).toEqual([0, 10, 0, 0]);
});

test('code that was awaited counts by its context', async () => {
  const bot = graph('later');
  const later = createOperator<AudioFrame, AudioFrame>({ name: 'later' }, (destination, context) => ({
    next: (frame) => {
      const release = context.hold();
      void Promise.resolve().then(() => {
        floatToInt16(broken, (count) => context.countInvalid(count));
        release();
        destination.next(frame);
      });
    },
  }));
  bot
    .from(numbers(3))
    .pipe(mapAsync(async (frame: AudioFrame) => frame))
    .pipe(later)
    .to(collect());
  await bot.run();
  expect(bot.inspect().nodes.map(({ invalidSamples }) => invalidSamples)).toContain(6);
});

test('outside a graph nobody counts, and nothing fails', () => {
  expect([...floatToInt16(broken)]).toEqual([16_384, 0, 0]);
});
