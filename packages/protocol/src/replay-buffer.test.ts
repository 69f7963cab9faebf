import { expect, it } from 'vitest';
import { ReplayBuffer } from './replay-buffer.ts';

it('has what the other side missed, in order, and says what it does not know any more', () => {
  const buffer = new ReplayBuffer({ maxMessages: 3, maxLength: 100, maxAgeMs: 1_000 });
  for (const message of ['a', 'b', 'c', 'd']) buffer.push(message, 0);
  expect(buffer.sent).toBe(4);
  expect(buffer.after(4)).toEqual([]);
  expect(buffer.after(2)).toEqual(['c', 'd']);
  expect(buffer.after(1)).toEqual(['b', 'c', 'd']);
  expect(buffer.after(0)).toBeUndefined();
  expect(buffer.after(5)).toBeUndefined();
});

it('keeps no more than its length, and nothing that is older than it may be', () => {
  const buffer = new ReplayBuffer({ maxMessages: 100, maxLength: 10, maxAgeMs: 1_000 });
  buffer.push('12345', 0);
  buffer.push('67890', 400);
  buffer.push('x', 1_000);
  expect(buffer.after(1)).toEqual(['67890', 'x']);
  expect(buffer.after(0)).toBeUndefined();
  buffer.push('y', 1_401);
  expect(buffer.after(2)).toEqual(['x', 'y']);
  expect(buffer.after(1)).toBeUndefined();
  buffer.push('z', 60_000);
  expect(buffer.after(4)).toEqual(['z']);
  expect(buffer.after(3)).toBeUndefined();
  expect(buffer.sent).toBe(5);
});

it('keeps what a session may need by default: a minute and the time in which a cut is noticed', () => {
  const buffer = new ReplayBuffer();
  for (let second = 0; second <= 90; second++) buffer.push(`${second}`, 1_000 * second);
  expect(buffer.after(0)).toHaveLength(91);
});
