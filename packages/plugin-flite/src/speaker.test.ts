import { VirtualClock } from '@sluice/core/testing';
import type { SynthesizerEvent } from '@sluice/core/voice';
import { expect, it } from 'vitest';
import { Speaker } from './speaker.ts';

const SECONDS_A_PIECE = 15;

/** A speaker whose pieces last so long each. */
function speaking() {
  const clock = new VirtualClock();
  const events: SynthesizerEvent[] = [];
  const speaker = new Speaker({
    clock,
    emit: (event) => events.push(event),
    synthesize: async ({ tokens }) => ({
      samples: new Int16Array(16_000 * SECONDS_A_PIECE),
      times: [{ token: tokens.length - 1, start: 14, end: 15 }],
    }),
  });
  const ask = (text: string, signal = new AbortController().signal) =>
    speaker.answer({ id: 'a', epoch: 0, text, settings: { voice: 'slt', speed: 1 } }, signal);
  const seconds = () => events.filter(({ type }) => type === 'audio').length / 50;
  return { clock, events, ask, seconds };
}

it('counts the words of all pieces from the first sample', async () => {
  const { ask, events } = speaking();
  await ask('word '.repeat(60));
  const words = events.filter((event) => event.type === 'word');
  expect(words.map(({ startMs, endMs, to }) => [startMs, endMs, to])).toEqual([
    [14_000, 15_000, 239],
    [29_000, 30_000, 299],
  ]);
  expect(events.at(-1)).toEqual({ type: 'finished', id: 'a', epoch: 0 });
});

it('runs no more than 100 s ahead of who plays a long request, and is not held by many short ones', async () => {
  const { clock, ask, seconds, events } = speaking();
  for (let index = 0; index < 20; index++) await ask('Good morning.');
  expect(seconds()).toBe(20 * SECONDS_A_PIECE);
  events.length = 0;
  const long = ask('word '.repeat(900));
  await clock.advance(0);
  expect(seconds()).toBe(105);
  await clock.advance(30_000);
  expect(seconds()).toBe(135);
  await clock.advance(600_000);
  await long;
  expect(events.at(-1)).toMatchObject({ type: 'finished' });
});

it('leaves a long request when it is cancelled while it waits', async () => {
  const { clock, ask, events } = speaking();
  const abort = new AbortController();
  const long = ask('word '.repeat(900), abort.signal);
  await clock.advance(0);
  abort.abort(new Error('enough'));
  await expect(long).rejects.toThrow('enough');
  expect(events.some(({ type }) => type === 'finished' || type === 'failed')).toBe(false);
});
