import { map, type Observable, of, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type AudioFrame, graph, pullSource } from '../src/index.ts';
import { collect, numbers } from './graph-fixtures.ts';

/** What RxJS or a promise would throw into the process fails the test run by itself. */
describe('what is not a frame', () => {
  it.each([
    ['undefined', undefined],
    ['a number', 7],
    ['a frozen frame', Object.freeze({ kind: 'text', timestamp: 0 })],
  ])('fails the node that emits it: %s', async (_what, value) => {
    const bot = graph('no-frame');
    bot
      .from(numbers(3))
      .with({ name: 'odd' })
      .pipe(map(() => value as unknown as AudioFrame))
      .to(collect());
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_FRAME_SHAPE', nodeId: 'odd' });
  });

  it('fails a plain Observable in the same way', async () => {
    const bot = graph('no-frame');
    bot.from(of(1, 2) as unknown as Observable<AudioFrame>).to(collect());
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_FRAME_SHAPE', nodeId: 'source' });
  });

  it.each([
    ['at once', () => undefined],
    ['later', async () => undefined],
  ])('ends a source whose read gives undefined %s', async (_when, read) => {
    const bot = graph('no-frame');
    bot
      .from(pullSource<AudioFrame>({ name: 'forgetful' }, () => ({ read: read as unknown as () => null })))
      .to(collect());
    await expect(bot.run()).rejects.toThrow('a frame, or null at the end');
  });

  it('fails the node that sends a closed frame to two receivers', async () => {
    const bot = graph('closed');
    const flow = bot
      .from(numbers(3))
      .with({ name: 'closer' })
      .pipe(tap((frame) => frame.close()));
    flow.to(collect());
    flow.to(collect());
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_FRAME_CLOSED' });
  });
});
