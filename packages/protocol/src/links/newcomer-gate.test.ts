import { beforeEach, expect, test } from 'vitest';
import { VirtualTimers } from '../../test/virtual-timers.ts';
import type { PeerBody } from '../peer-body.ts';
import { createId } from '../secrets.ts';
import { type Newcomer, NewcomerGate } from './newcomer-gate.ts';

const link = { from: createId() };
const offer = (sections: number): PeerBody => ({
  kind: 'description',
  link,
  exchange: 0,
  description: { type: 'offer', sdp: `v=0\r\n${'m=audio\r\n'.repeat(sections)}`, tracks: [] },
});
const wish: PeerBody = { kind: 'subscribe', link, tracks: ['microphone'] };
const candidate: PeerBody = {
  kind: 'candidate',
  link,
  candidate: { candidate: '', sdpMid: null, sdpMLineIndex: null },
};

let clock: VirtualTimers;
let gate: NewcomerGate;
let passed: string[];

beforeEach(() => {
  clock = new VirtualTimers();
  gate = new NewcomerGate(clock);
  passed = [];
});

const somebody = (name: string, established = false) => {
  const one = {
    linked: established,
    established,
    receive: (body: PeerBody) => {
      one.linked ||= body.kind === 'description';
      passed.push(`${name} ${body.kind}`);
    },
  } satisfies Newcomer;
  return one;
};

test('a full room of people connects within 5 s, and who comes after them at once', () => {
  const people = Array.from({ length: 63 }, (_, n) => somebody(`${n}`));
  for (const one of people) {
    gate.receive(one, offer(2));
    gate.receive(one, candidate);
  }
  expect(passed.filter((line) => line.endsWith('description'))).toHaveLength(16);
  clock.advance(5_000);
  expect(passed).toHaveLength(2 * 63);
  expect(clock.count).toBe(0);
  gate.receive(somebody('late'), offer(2));
  expect(passed).toHaveLength(2 * 63 + 1);
});

test('people without end that ask for long connections cost a few a second, and one who is connected waits for none', () => {
  const grace = somebody('grace', true);
  for (let n = 0; n < 1_000; n++) {
    gate.receive(somebody(`${n}`), offer(32));
    if (n % 100 === 0) gate.receive(grace, offer(32));
    clock.advance(10);
  }
  const graces = passed.filter((line) => line.startsWith('grace'));
  expect(graces).toHaveLength(10);
  expect(passed.length - graces.length).toBeLessThanOrEqual((160 + 10 * 96) / 40 + 1);
});

test('they take turns, each in its order', () => {
  for (let n = 0; n < 4; n++) gate.receive(somebody('before'), offer(32));
  const [ada, linus] = [somebody('ada'), somebody('linus')];
  for (const body of [offer(1), candidate, offer(1)]) gate.receive(ada, body);
  for (const body of [wish, offer(1)]) gate.receive(linus, body);
  passed = [];
  clock.advance(1_000);
  expect(passed).toEqual([
    'ada description',
    'ada candidate',
    'linus subscribe',
    'ada description',
    'linus description',
  ]);
});

test('who is gone has no turn, and nobody has one after the end', () => {
  for (let n = 0; n < 4; n++) gate.receive(somebody('before'), offer(32));
  const [ada, linus] = [somebody('ada'), somebody('linus')];
  gate.receive(ada, offer(1));
  gate.receive(linus, offer(1));
  gate.forget(ada);
  clock.advance(1_000);
  expect(passed.slice(4)).toEqual(['linus description']);
  for (let n = 0; n < 4; n++) gate.receive(somebody('again'), offer(32));
  passed = [];
  gate.close();
  clock.advance(10_000);
  expect(passed).toEqual([]);
  expect(clock.count).toBe(0);
});
