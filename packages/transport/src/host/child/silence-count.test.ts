import { expect, it } from 'vitest';
import { ALIVE_EVERY_MS, SilenceCount } from './silence-count.ts';

const looks = (count: SilenceCount, ms: number) =>
  Array.from({ length: ms / ALIVE_EVERY_MS }, () => count.look()).includes(true);

it('calls an engine frozen after 1.5 s of silence, not after one', () => {
  const count = new SilenceCount();
  count.heard();
  expect(looks(count, 1_000)).toBe(false);
  count.heard();
  expect(looks(count, 1_500)).toBe(false);
  expect(count.look()).toBe(true);
});

it('waits longer for one that is being started', () => {
  const count = new SilenceCount();
  expect(looks(count, 15_000)).toBe(false);
  expect(count.look()).toBe(true);
});
