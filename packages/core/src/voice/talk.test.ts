import { expect, it } from 'vitest';
import { Talk, type TalkEntry, talkOf } from './talk.ts';

const mark = (atMs: number): TalkEntry => ({ type: 'mark', kind: 'state', text: 'thinking', atMs });

it('gives what was added since it was asked last, and keeps the last thousand', () => {
  const talk = new Talk();
  expect(talk.since(0)).toEqual([]);
  for (let at = 0; at < 1_200; at++) talk.add(mark(at));
  expect(talk.count).toBe(1_200);
  expect(talk.since(1_198)).toEqual([mark(1_198), mark(1_199)]);
  expect(talk.since(1_200)).toEqual([]);
  expect(talk.since(0)).toHaveLength(1_000);
  expect(talk.since(0)[0]).toEqual(mark(200));
});

it('is one for each graph', () => {
  const [one, other] = [{}, {}];
  expect(talkOf(one)).toBe(talkOf(one));
  expect(talkOf(one)).not.toBe(talkOf(other));
});
