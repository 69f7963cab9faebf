import { VirtualClock } from '@sluice/core/testing';
import { createId, createSecret } from '@sluice/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRoomKit, type FakeClient, track } from '../../../../test/room-kit.ts';
import { type Knock, Lobby } from '../members/lobby.ts';
import { AddressBudgets } from './address-budgets.ts';
import { MessageBudget } from './message-budget.ts';
import { PairBudget } from './pair-budget.ts';

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
  const budgets = new AddressBudgets(clock, 32);
  for (let n = 0; n < 2_000; n++) expect(budgets.of('a').take(10)).toBe(0);
  expect(budgets.of('a').take(10, 1_000)).toBeCloseTo(1_000);
  const before = budgets.of('a');
  for (let n = 0; n < 2_000; n++) budgets.of(`other ${n}`);
  expect(budgets.of('a')).toBe(before);
  await clock.advance(10_000);
  for (let n = 0; n < 2_000; n++) budgets.of(`third ${n}`);
  expect(budgets.of('a')).not.toBe(before);
});

test('an address has 4 MiB a second, in messages of any size', async () => {
  const budget = new AddressBudgets(clock, 32).of('a');
  expect(budget.take(8 * 1024 * 1024)).toBe(0);
  expect(budget.take(4 * 1024 * 1024)).toBeCloseTo(1_000);
});

test('an address brings twice as many as it may have sockets at once, and one a second', async () => {
  const budget = new AddressBudgets(clock, 32).of('a');
  for (let n = 0; n < 64; n++) expect(budget.tryJoin('hello')).toBe(true);
  expect(budget.tryJoin('hello')).toBe(false);
  await clock.advance(10_000);
  for (let n = 0; n < 10; n++) expect(budget.tryJoin('hello')).toBe(true);
  expect(budget.tryJoin('hello')).toBe(false);
});

test('an address one of whose clients was refused brings nobody new there for 2 s, again for 5, 10 and 30 s', async () => {
  const budget = new AddressBudgets(clock, 32).of('a');
  for (const ms of [2_000, 5_000, 10_000, 30_000, 30_000]) {
    budget.offended('hello');
    expect(budget.tryJoin('other')).toBe(true);
    await clock.advance(ms - 1);
    expect(budget.tryJoin('hello')).toBe(false);
    await clock.advance(1);
    expect(budget.tryJoin('hello')).toBe(true);
  }
});

test('who comes in from where somebody was refused of late asks three new connections of one other at once', async () => {
  const budget = new AddressBudgets(clock, 32).of('a');
  expect(budget.isSuspect('hello')).toBe(false);
  budget.offended('hello');
  await clock.advance(121_999);
  expect([budget.isSuspect('hello'), budget.isSuspect('other')]).toEqual([true, false]);
  await clock.advance(1);
  expect(budget.isSuspect('hello')).toBe(false);
  const passed = (suspect: boolean) => {
    const pair = new PairBudget(clock, suspect);
    let count = 0;
    while (pair.take({ kind: 'subscribe', link: { from: createId() }, tracks: [] }) !== 'flood') count++;
    return count;
  };
  expect([passed(false), passed(true)]).toEqual([10, 3]);
});

test('what is refused while a room is closed counts as well', async () => {
  const budget = new AddressBudgets(clock, 32).of('a');
  for (let n = 0; n < 3; n++) budget.offended('hello');
  await clock.advance(9_999);
  expect(budget.tryJoin('hello')).toBe(false);
  await clock.advance(1);
  expect(budget.tryJoin('hello')).toBe(true);
});

test('who knocks again and again at a closed room keeps it closed for half a minute, and no longer', async () => {
  const budget = new AddressBudgets(clock, 32).of('a');
  budget.offended('hello');
  for (let n = 0; n < 27; n++) expect(budget.tryJoin('hello')).toBe(false);
  for (let second = 0; second < 29; second++) {
    await clock.advance(1_000);
    for (let n = 0; n < 50; n++) expect(budget.tryJoin('hello')).toBe(false);
  }
  await clock.advance(1_000);
  expect(budget.tryJoin('hello')).toBe(true);
});

test('offences are forgotten after two minutes without any, and the address with them', async () => {
  const budget = new AddressBudgets(clock, 32).of('a');
  budget.offended('hello');
  budget.offended('hello');
  await clock.advance(5_000 + 119_999);
  expect(budget.isUnused).toBe(false);
  await clock.advance(1);
  expect(budget.isUnused).toBe(true);
  budget.offended('hello');
  await clock.advance(2_000);
  expect(budget.tryJoin('hello')).toBe(true);
});

test('of an address a quarter of what it may have sockets waits at doors, so that others find a place there', () => {
  const [lobby, addresses] = [new Lobby(), new AddressBudgets(clock, 32)];
  const knock = (address: string) => {
    const one = { init: { identity: createSecret() }, socket: addresses.of(address), admitted: () => {} };
    lobby.add(one as unknown as Knock);
    return one as unknown as Knock;
  };
  const knocks = Array.from({ length: 8 }, () => knock('a'));
  expect(() => knock('a')).toThrow('too many of this address');
  knock('b');
  expect(lobby.remove(knocks[0]!)).toBe(true);
  expect(lobby.remove(knocks[0]!)).toBe(false);
  knock('a');
  expect(() => knock('a')).toThrow('too many of this address');
  expect(lobby.size).toBe(9);
});

test('an address with open sockets is not forgotten', () => {
  const budgets = new AddressBudgets(clock, 32);
  const before = budgets.of('a');
  const close = before.open();
  for (let n = 0; n < 2_000; n++) budgets.of(`other ${n}`);
  expect(budgets.of('a')).toBe(before);
  close();
  expect(before.isUnused).toBe(true);
});

test('who goes on at more than a fair share is told from who says much at once', async () => {
  const [steady, modest] = [new MessageBudget(clock), new MessageBudget(clock)];
  const exceeding = { steady: 0, modest: 0 };
  for (let second = 0; second < 30; second++) {
    for (let n = 0; n < 40; n++) if (steady.exceeds(20)) exceeding.steady++;
    for (let n = 0; n < 15; n++) if (modest.exceeds(20)) exceeding.modest++;
    await clock.advance(1_000);
  }
  expect(exceeding.modest).toBe(0);
  expect(exceeding.steady).toBeGreaterThan(30 * 20);
});

describe('in a room', () => {
  let kit: ReturnType<typeof createRoomKit>;
  let ada: FakeClient;
  let grace: FakeClient;

  beforeEach(async () => {
    kit = createRoomKit();
    [ada, grace] = [await kit.join(), await kit.join()];
  });

  const wish = (from: FakeClient, to: FakeClient, link = from.id) =>
    from.say({ type: 'relay', to: to.id, body: { kind: 'subscribe', link: { from: link }, tracks: [] } });
  const restart = (from: FakeClient, to: FakeClient) =>
    from.say({ type: 'relay', to: to.id, body: { kind: 'restart', link: { from: from.id } } });
  const offer = (from: FakeClient, to: FakeClient, sections: number, iceUser = 'same') => {
    const lines = `m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtcp-mux\r\na=ice-ufrag:${iceUser}\r\n`.repeat(sections);
    const sdp = `v=0\r\na=fingerprint:sha-256 AA\r\na=setup:actpass\r\n${lines}`;
    const description = { type: 'offer', sdp, tracks: [] };
    from.say({
      type: 'relay',
      to: to.id,
      body: { kind: 'description', link: { from: from.id }, exchange: 0, description },
    });
  };

  test('who floods one other is refused alone', () => {
    for (let n = 0; n < 400; n++) wish(ada, grace);
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
      for (let n = 0; n < 45; n++) wish(ada, grace);
      for (let n = 0; n < 60; n++) answer();
      await kit.clock.advance(1_000);
    }
    expect([ada.closedBy, grace.closedBy]).toEqual([undefined, undefined]);
    expect(ada.of('relay')).toHaveLength(1_200);
  });

  describe.each<[string, number, (n: number) => void]>([
    ['new ends of a connection', 10, () => wish(ada, grace, createId())],
    ['restarts', 11, () => restart(ada, grace)],
    ['offers of 32 media sections', 12, () => offer(ada, grace, 32)],
    ['offers that restart ICE', 11, (n) => offer(ada, grace, 1, `restart-${n}`)],
  ])('%s, which cost the other side much', (_, atOnce, attack) => {
    test('are passed on a few times, then who sends them is refused, and nobody else', () => {
      for (let n = 0; n < 95; n++) attack(n);
      expect([ada.closedBy, grace.closedBy]).toEqual(['rate', undefined]);
      expect(grace.of('relay').length).toBeLessThanOrEqual(atOnce);
    });

    test('come no faster over another socket', async () => {
      let secret = ada.welcome.secret;
      let received = 0;
      let sockets = 1;
      for (let n = 0; n < 3_000; n++) {
        attack(n);
        if (ada.closedBy !== undefined) {
          received += ada.sent.filter(({ type }) => !['welcome', 'resumed', 'refused'].includes(type)).length;
          ada = await kit.resume(ada, secret, received);
          secret = ada.of('resumed')[0]?.secret ?? secret;
          sockets++;
        }
        await kit.clock.advance(10);
      }
      expect(sockets).toBeGreaterThan(10);
      expect(grace.closedBy).toBeUndefined();
      expect(grace.of('relay').length).toBeLessThanOrEqual(atOnce + 2 * 30);
    });

    test('and who answers all of them is not', async () => {
      for (let n = 0; n < 30; n++) {
        attack(n);
        for (let answer = 0; answer < 24; answer++) wish(grace, ada);
        await kit.clock.advance(1_000);
      }
      expect([ada.closedBy, grace.closedBy]).toEqual([undefined, undefined]);
    });
  });

  test('who comes and goes all the time is let in a few times a second, where a whole room is at once', async () => {
    const entered = async () => {
      const client = await kit.join();
      client.say({ type: 'leave' });
      return client.closedBy === 'close';
    };
    let count = 2;
    while (await entered()) count++;
    expect(count).toBe(80);
    expect((await kit.join()).closedBy).toBe('busy');
    await kit.clock.advance(1_000);
    expect([await entered(), await entered(), await entered(), await entered()]).not.toContain(false);
    expect(await entered()).toBe(false);
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
