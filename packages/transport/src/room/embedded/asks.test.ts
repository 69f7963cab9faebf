import type { ClientMessage } from '@sluice/protocol';
import { expect, test } from 'vitest';
import { Asks } from './asks.ts';

function room() {
  const sent: ClientMessage[] = [];
  return { sent, asks: new Asks((message) => sent.push(message)) };
}

test('each answer goes to its question, in any order', async () => {
  const { sent, asks } = room();
  const first = asks.ask({ ask: 'start-recording' });
  const second = asks.ask({ ask: 'chat', text: 'hello' });
  expect(sent).toMatchObject([{ number: 1 }, { number: 2, ask: { text: 'hello' } }]);
  asks.answered({ type: 'denied', number: 2, code: 'not-allowed', message: 'no chat here' });
  asks.answered({ type: 'granted', number: 1, grant: { streamId: 'main' } });
  asks.answered({ type: 'granted', number: 1, grant: {} });
  await expect(first).resolves.toEqual({ streamId: 'main' });
  await expect(second).rejects.toThrow(/SLUICE_ROOM_DENIED|not-allowed/);
});

test('a server that forgot us is asked again, in order, for what it has not answered', () => {
  const { sent, asks } = room();
  for (const text of ['a', 'b', 'c']) void asks.ask({ ask: 'chat', text });
  asks.answered({ type: 'granted', number: 2, grant: {} });
  sent.length = 0;
  asks.repeat();
  expect(sent).toMatchObject([{ number: 1 }, { number: 3 }]);
});

test('the end of the session ends every question, also later ones', async () => {
  const { asks } = room();
  const open = asks.ask({ ask: 'chat', text: 'hello' });
  asks.end(undefined);
  await expect(open).rejects.toMatchObject({ code: 'SLUICE_ROOM_LOST' });
  await expect(asks.ask({ ask: 'chat', text: 'late' })).rejects.toMatchObject({ code: 'SLUICE_ROOM_LOST' });
});
