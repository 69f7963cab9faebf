import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRoomKit, type FakeClient, track } from '../../../../test/room-kit.ts';
import { AddressBudgets } from './address-budgets.ts';
import { MessageBudget } from './message-budget.ts';

let clock: VirtualClock;

beforeEach(() => {
  clock = new VirtualClock();
});

test('a participant has 400 messages at once and 100 a second, in 2 MiB and 256 KiB a second', async () => {
  const budget = new MessageBudget(clock);
  for (let n = 0; n < 200; n++) expect(budget.take(10)).toBe(0);
  expect(budget.strained).toBe(false);
  for (let n = 0; n < 200; n++) expect(budget.take(10)).toBe(0);
  expect(budget.strained).toBe(true);
  expect(budget.take(10)).toBeCloseTo(10);
  await clock.advance(1_000);
  for (let n = 0; n < 99; n++) expect(budget.take(10)).toBe(0);
  expect(budget.take(10)).toBeGreaterThan(0);
  await clock.advance(60_000);
  expect(budget.take(2 * 1024 * 1024)).toBe(0);
  expect(budget.take(256 * 1024)).toBeCloseTo(1_000);
});

test('an address has 1,000 messages a second and is forgotten once it has all of them again', async () => {
  const budgets = new AddressBudgets(clock);
  for (let n = 0; n < 2_000; n++) expect(budgets.of('a').take()).toBe(0);
  expect(budgets.of('a').take(1_000)).toBeCloseTo(1_000);
  const before = budgets.of('a');
  for (let n = 0; n < 2_000; n++) budgets.of(`other ${n}`);
  expect(budgets.of('a')).toBe(before);
  await clock.advance(10_000);
  for (let n = 0; n < 2_000; n++) budgets.of(`third ${n}`);
  expect(budgets.of('a')).not.toBe(before);
});

describe('in a room', () => {
  let kit: ReturnType<typeof createRoomKit>;
  let ada: FakeClient;
  let grace: FakeClient;

  beforeEach(async () => {
    kit = createRoomKit();
    [ada, grace] = [await kit.join(), await kit.join()];
  });

  const restart = (from: FakeClient, to: FakeClient) =>
    from.say({ type: 'relay', to: to.id, body: { kind: 'restart', link: { from: from.id } } });

  test('who floods one other is refused alone', () => {
    for (let n = 0; n < 400; n++) restart(ada, grace);
    expect(ada.closedBy).toBe('rate');
    expect(grace.closedBy).toBeUndefined();
    expect(grace.of('relay').length).toBeLessThanOrEqual(301);
    expect(grace.of('participant-detached')).toMatchObject([{ id: ada.id, detached: true }]);
  });

  test('who answers pays nothing for the questions of others', async () => {
    const answer = () =>
      grace.say({
        type: 'relay',
        to: ada.id,
        body: {
          kind: 'candidate',
          link: { from: grace.id },
          candidate: { candidate: '', sdpMid: '0', sdpMLineIndex: 0 },
        },
      });
    for (let second = 0; second < 20; second++) {
      for (let n = 0; n < 45; n++) restart(ada, grace);
      for (let n = 0; n < 60; n++) answer();
      await kit.clock.advance(1_000);
    }
    expect([ada.closedBy, grace.closedBy]).toEqual([undefined, undefined]);
    expect(ada.of('relay')).toHaveLength(1_200);
  });

  test('who changes all the time is told of a few times a second, and at last as it is', async () => {
    for (let n = 0; n < 100; n++) {
      ada.say({ type: 'update', userName: `Ada ${n}`, tracks: [track('camera', n % 2 === 0)] });
      await kit.clock.advance(10);
    }
    await kit.clock.advance(1_000);
    const told = grace.of('participant-updated');
    expect(told.length).toBeLessThanOrEqual(9);
    expect(told.at(-1)?.participant).toMatchObject({ userName: 'Ada 99', tracks: [{ enabled: false }] });
  });
});
