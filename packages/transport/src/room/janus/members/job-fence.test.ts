import { expect, test } from 'vitest';
import { JobFence } from './job-fence.ts';

const bot = (
  id: string,
  revision: number,
  more: { readonly job?: string; readonly at?: number; readonly standby?: true } = {},
) => ({
  id,
  joinedAt: `2026-01-01T00:00:0${more.at ?? 0}.000Z`,
  lease: { job: more.job ?? 'greeter', revision, ...(more.standby && { standby: more.standby }) },
});

test('of the bots of a job the one with the highest number is heard, whoever was seen first', () => {
  for (const bots of [
    [bot('a', 1), bot('b', 3), bot('c', 2), bot('d', 1, { job: 'other' })],
    [bot('b', 3), bot('d', 1, { job: 'other' }), bot('c', 2), bot('a', 1)],
  ]) {
    const fence = new JobFence();
    expect(fence.update(bots).toSorted()).toEqual(['a', 'c']);
    expect(['a', 'b', 'c', 'd'].filter((id) => fence.isReplaced(id))).toEqual(['a', 'c']);
  }
});

test('of one number the later one is heard, and of one moment always the same one', () => {
  const fence = new JobFence();
  fence.update([bot('a', 1, { at: 2 }), bot('b', 1, { at: 1 })]);
  expect(fence.isReplaced('b')).toBe(true);
  for (const bots of [
    [bot('a', 1), bot('b', 1)],
    [bot('b', 1), bot('a', 1)],
  ]) {
    fence.update(bots);
    expect(['a', 'b'].filter((id) => fence.isReplaced(id))).toEqual(['a']);
  }
});

test('a bot does not hear an earlier one of its own job', () => {
  const fence = new JobFence(() => bot('own', 2));
  expect(fence.update([bot('a', 1)])).toEqual(['a']);
});

test('who is heard, and who no more, is told once, and the earlier one is heard when the later one is gone', () => {
  const fence = new JobFence();
  expect(fence.update([bot('a', 1)])).toEqual([]);
  expect(fence.update([bot('a', 1), bot('b', 2)])).toEqual(['a']);
  expect(fence.update([bot('a', 1), bot('b', 2)])).toEqual([]);
  expect(fence.update([bot('a', 1)])).toEqual(['a']);
  expect(fence.isReplaced('a')).toBe(false);
});

test('who stands by is heard when it begins, or when nobody has the place', () => {
  const fence = new JobFence();
  const [former, next] = [bot('a', 1), bot('b', 2, { standby: true })];
  expect(fence.update([former, next])).toEqual([]);
  expect(['a', 'b'].map((id) => [fence.isReplaced(id), fence.isWaiting(id)])).toEqual([
    [false, false],
    [false, true],
  ]);
  expect(fence.update([former, bot('b', 2)])).toEqual(['a']);
  expect(fence.isWaiting('b')).toBe(false);
  fence.update([next]);
  expect([fence.isReplaced('b'), fence.isWaiting('b')]).toEqual([false, false]);
  expect(fence.update([next, bot('c', 3, { standby: true })])).toEqual(['b']);
});
