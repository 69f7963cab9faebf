import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { janusError } from './janus-errors.ts';
import { readJanusMessage } from './janus-message.ts';
import { Transactions } from './transactions.ts';

test('an ack says that the answer comes later, even where it comes after the answer', async () => {
  const transactions = new Transactions(new VirtualClock());
  const { transaction, answer } = transactions.begin('to join');
  expect(transactions.take({ janus: 'ack', transaction })).toBe(true);
  expect(transactions.take({ janus: 'event', transaction, sender: 1 })).toBe(true);
  expect(transactions.take({ janus: 'ack', transaction })).toBe(true);
  await expect(answer).resolves.toMatchObject({ janus: 'event', sender: 1 });
  expect(transactions.take({ janus: 'event', sender: 1 })).toBe(false);
});

test('of a candidate and a sign of life the ack is all that comes', async () => {
  const transactions = new Transactions(new VirtualClock());
  const { transaction, answer } = transactions.begin('a candidate', true);
  transactions.take({ janus: 'ack', transaction });
  await expect(answer).resolves.toMatchObject({ janus: 'ack' });
});

test('a refusal is a typed error, silence one after 15 s, and a broken socket ends all that wait', async () => {
  const clock = new VirtualClock();
  const transactions = new Transactions(clock);
  const refused = transactions.begin('the VideoRoom plugin');
  transactions.take({
    janus: 'error',
    transaction: refused.transaction,
    error: { code: 460, reason: 'No such plugin' },
  });
  await expect(refused.answer).rejects.toMatchObject({ code: 'SLUICE_ROOM_VERSION', janusCode: 460 });
  const silent = expect(transactions.begin('to join').answer).rejects.toMatchObject({ code: 'SLUICE_ROOM_LOST' });
  await clock.advance(15_000);
  await silent;
  const broken = expect(transactions.begin('to join').answer).rejects.toMatchObject({ code: 'SLUICE_ROOM_UNKNOWN' });
  transactions.fail(janusError(426, 'No such room', 'to join'));
  await broken;
});

test.each([
  [403, 'SLUICE_ROOM_TOKEN'],
  [426, 'SLUICE_ROOM_UNKNOWN'],
  [430, 'SLUICE_ROOM_URL'],
  [432, 'SLUICE_ROOM_FULL'],
  [433, 'SLUICE_ROOM_TOKEN'],
  [458, 'SLUICE_ROOM_LOST'],
  [499, 'SLUICE_ROOM_PROTOCOL'],
])('error %i of Janus is %s', (code, expected) => {
  expect(janusError(code, 'why', 'to join')).toMatchObject({ code: expected, janusCode: code });
});

test.each(['', '{', '[]', '{"janus":1}', '{"janus":"event","plugindata":1}', '{"janus":"event","jsep":{"type":"x"}}'])(
  '%j is no message of Janus',
  (text) => expect(() => readJanusMessage(text)).toThrow(expect.objectContaining({ code: 'SLUICE_ROOM_PROTOCOL' })),
);
