import { beforeEach, expect, test } from 'vitest';
import { VirtualTimers } from '../../test/virtual-timers.ts';
import type { PeerBody } from '../peer-body.ts';
import { createId } from '../secrets.ts';
import { LinkGate } from './link-gate.ts';

let timers: VirtualTimers;
let taken: string[];
let gate: LinkGate;

beforeEach(() => {
  timers = new VirtualTimers();
  taken = [];
  gate = new LinkGate({
    now: timers.now,
    after: timers.after,
    take: (body, anew) => taken.push(`${body?.kind} ${body?.link.from}${anew ? ' anew' : ''}`),
  });
});

const advance = (ms: number) => timers.advance(ms);
const says = (from: string, kind: 'subscribe' | 'restart' = 'subscribe') => {
  // A new end has not heard of ours.
  const { from: ours, to: theirs } = gate.ids;
  const link = theirs === from ? { from, to: ours } : { from };
  gate.receive(kind === 'restart' ? { kind, link } : ({ kind, link, tracks: [] } satisfies PeerBody));
};
const anew = () => taken.filter((one) => one.endsWith('anew')).length;

test('a first end and a new one are followed at once, and what came for the former concerns nobody', () => {
  const [first, second] = [createId(), createId()];
  says(first);
  says(second);
  says(first, 'restart');
  says(second, 'restart');
  expect(taken).toEqual([`subscribe ${first}`, `subscribe ${second} anew`, `restart ${second}`]);
});

test('one that comes too soon waits with all it says, in order, and the one before goes on meanwhile', () => {
  const [first, second, third] = [createId(), createId(), createId()];
  says(first);
  says(second);
  says(third);
  says(second, 'restart');
  says(third, 'restart');
  expect(taken.slice(2)).toEqual([`restart ${second}`]);
  advance(1_000);
  expect(taken.slice(3)).toEqual([`subscribe ${third} anew`, `restart ${third}`]);
  expect(timers.count).toBe(0);
});

test('who has new ends all the time is followed less and less often, to the newest each time', () => {
  let last = '';
  says(createId());
  for (let n = 0; n < 9_500; n++) {
    last = createId();
    says(last);
    // 95 a second, 100 s long.
    advance(1_000 / 95);
  }
  // After 0, 1, 3, 7, 15, 31, 61 and 91 s.
  expect(anew()).toBe(8);
  advance(30_000);
  expect(taken.at(-1)).toBe(`subscribe ${last} anew`);
  advance(60_001);
  says(createId());
  says(createId());
  expect(anew()).toBe(10);
  advance(1_000);
  expect(anew()).toBe(11);
});

test('what waits is bounded, and nothing of it comes after the end', () => {
  says(createId());
  says(createId());
  const waiting = createId();
  for (let n = 0; n < 1_000; n++) says(waiting, 'restart');
  advance(1_000);
  expect(taken).toHaveLength(2 + 128);
  says(createId());
  gate.close();
  advance(60_000);
  expect(taken).toHaveLength(2 + 128);
});

test('our own new end takes the far side as it is then', () => {
  const [first, second] = [createId(), createId()];
  says(first);
  says(second);
  const before = gate.ids.from;
  says(createId());
  gate.renew();
  expect(gate.ids).not.toHaveProperty('to');
  gate.receive({ kind: 'restart', link: { from: second, to: before } });
  says(second, 'restart');
  advance(60_000);
  expect(taken.slice(2)).toEqual([`restart ${second}`]);
});

test('of a new end that has taken our former one for its own nothing is passed on: it is told our new name, and begins again', () => {
  const [first, second] = [createId(), createId()];
  says(first);
  const { from } = gate.ids;
  gate.receive({ kind: 'subscribe', link: { from: second, to: from }, tracks: [] });
  expect(taken).toEqual([`subscribe ${first}`, 'undefined undefined anew']);
  expect(gate.ids.from).not.toBe(from);
  expect(gate.ids).not.toHaveProperty('to');
});
