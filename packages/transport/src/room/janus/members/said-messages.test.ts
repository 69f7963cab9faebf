import { defaultPermissions, utf8Bytes } from '@sluice/protocol';
import { expect, test } from 'vitest';
import { type CardMessage, readDisplay, writeDisplay } from './participant-card.ts';
import { SaidMessages } from './said-messages.ts';

const message = (n: number, length = 1): CardMessage => ({ n, kind: 'app-message', data: 'x'.repeat(length) });
const numbers = (said: SaidMessages) => said.all.map(({ n }) => n);

test('the last twenty are kept, those of two minutes, and as many as two of the longest take', () => {
  const said = new SaidMessages();
  for (let n = 1; n <= 25; n++) said.push(message(n), 0);
  expect(numbers(said)).toEqual(Array.from({ length: 20 }, (_, k) => k + 6));
  said.push(message(26), 120_001);
  expect(numbers(said)).toEqual([26]);
  for (const n of [27, 28]) said.push(message(n, 4_000), 120_002);
  expect(numbers(said)).toEqual([26, 27, 28]);
  said.push(message(29, 4_000), 120_003);
  expect(numbers(said)).toEqual([28, 29]);
  // Changes that are asked of many may take more.
  said.push(message(30, 16_000), 120_004);
  expect(numbers(said)).toEqual([30]);
  said.push(message(31), 120_005);
  expect(numbers(said)).toEqual([31]);
});

test('a card that would be longer than anybody reads has fewer of them', () => {
  const info = { id: 'a', userName: 'A', userId: 'a', isOwner: false, joinedAt: '', tracks: [], mutedRemotely: [] };
  const said = [message(1, 10_000), message(2, 10_000), message(3, 16_000)];
  const display = writeDisplay({ ...info, permissions: defaultPermissions }, said);
  expect(utf8Bytes(display)).toBeLessThanOrEqual(32 * 1024);
  const { card } = readDisplay(display);
  expect([card?.earlier?.map(({ n }) => n), card?.message?.n]).toEqual([[2], 3]);
});
