import { expect, test } from 'vitest';
import { WornLines } from './worn-lines.ts';

const line = (mid: string, feed: string, place = '0') => ({ mid, source: { feed, mid: place } });

test('an m-line takes relayed media of one place once, and again when somebody of this server had it between', () => {
  const worn = new WornLines();
  const ada = [line('0', 'ada~r')];
  expect(worn.take(ada, [])).toBe(false);
  // It goes on.
  expect(worn.take([...ada, line('1', 'eve~r')], ada)).toBe(false);
  expect(worn.take([line('0', 'eve~r', '1')], [])).toBe(false);
  expect(worn.take([line('0', 'ada~r', '1')], [])).toBe(true);
  expect(worn.take([line('0', 'bob')], [])).toBe(false);
  expect(worn.take([line('0', 'ada~r', '1')], [])).toBe(false);
  worn.clear();
  expect(worn.take([line('0', 'eve~r', '1'), line('1', 'ada~r')], [])).toBe(false);
});
