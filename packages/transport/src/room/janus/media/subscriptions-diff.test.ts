import { expect, test } from 'vitest';
import { subscribedLines, subscriptionsDiff } from './subscriptions-diff.ts';

const source = (feed: string, mid: string) => ({ feed, mid });

test('one publisher at a time, and what is wanted no more at once', () => {
  const have = [
    { mid: '0', source: source('a', '0') },
    { mid: '1', source: source('b', '0') },
  ];
  const wanted = [source('a', '0'), source('c', '0'), source('d', '0'), source('c', '2')];
  expect(subscriptionsDiff(wanted, have, () => true)).toEqual({
    subscribe: [source('c', '0'), source('c', '2')],
    unsubscribe: [source('b', '0')],
  });
  expect(subscriptionsDiff(wanted, have, (feed) => feed !== 'c')?.subscribe).toEqual([source('d', '0')]);
  expect(subscriptionsDiff([source('a', '0')], have.slice(0, 1), () => true)).toBeUndefined();
});

test('m-lines that carry nobody are passed over', () => {
  const line = { mid: '0', feed_id: 'a', feed_mid: '3', active: true };
  expect(subscribedLines([line, { ...line, active: false }, { mid: '1', active: true }, null, 4])).toEqual([
    { mid: '0', source: source('a', '3') },
  ]);
  expect(subscribedLines('x')).toEqual([]);
});
