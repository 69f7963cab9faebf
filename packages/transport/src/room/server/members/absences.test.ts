import { createSecret } from '@sluice/protocol';
import { beforeEach, expect, test } from 'vitest';
import { createRoomKit, type FakeClient } from '../../../../test/room-kit.ts';
import { Absences } from './absences.ts';
import { entryPermissions } from './entry-permissions.ts';
import { Member } from './member.ts';
import { Roster } from './roster.ts';

let kit: ReturnType<typeof createRoomKit>;
let ada: FakeClient;
let grace: FakeClient;

/** Two who hear each other. */
beforeEach(async () => {
  kit = createRoomKit();
  [ada, grace] = [await kit.join(), await kit.join()];
  ada.say({ type: 'relay', to: grace.id, body: { kind: 'subscribe', link: { from: ada.id }, tracks: ['microphone'] } });
  grace.say({
    type: 'relay',
    to: ada.id,
    body: { kind: 'subscribe', link: { from: grace.id }, tracks: ['microphone'] },
  });
});

const drop = (client: FakeClient) => {
  client.lastHeard = kit.clock.now();
  client.drop();
};

test('nobody is gone because the only one who hears it had lost its socket as well', async () => {
  drop(ada);
  await kit.clock.advance(3_000);
  drop(grace);
  await kit.clock.advance(3_000);
  // Ada was last heard of 6 s ago, and nobody was there to say that her media goes on.
  const back = await kit.resume(grace);
  await kit.clock.advance(1_000);
  back.say({ type: 'alive', ids: [ada.id] });
  await kit.clock.advance(1_000);
  expect((await kit.resume(ada)).of('resumed')).toHaveLength(1);
  await kit.clock.advance(60_000);
  expect(back.of('participant-left')).toEqual([]);
});

test('two who are gone together are gone within 10 s, and hold nobody up by dropping their sockets', async () => {
  const third = await kit.join();
  drop(ada);
  drop(grace);
  await kit.clock.advance(10_500);
  expect(third.of('participant-left')).toHaveLength(2);
});

test('who comes back and says nothing of another one has not heard it', async () => {
  drop(ada);
  await kit.clock.advance(4_900);
  drop(grace);
  const back = await kit.resume(grace);
  await kit.clock.advance(2_500);
  expect(back.of('participant-left')).toMatchObject([{ id: ada.id, reason: 'lost' }]);
});

test('a server that stood still reads what was said meanwhile before it judges', async () => {
  drop(ada);
  for (let second = 0; second < 6; second++) {
    grace.say({ type: 'alive', ids: [ada.id] });
    await kit.clock.advance(1_000);
  }
  await kit.clock.stall(3_000);
  grace.say({ type: 'alive', ids: [ada.id] });
  await kit.clock.advance(1_000);
  expect(grace.of('participant-left')).toEqual([]);
  await kit.clock.advance(3_000);
  expect(grace.of('participant-left')).toMatchObject([{ id: ada.id, reason: 'lost' }]);
});

test('what is said of somebody who has a socket is not kept', () => {
  const roster = new Roster();
  const enter = () => {
    const init = { identity: createSecret(), userName: '', tracks: [], grant: {} };
    const member = new Member(init, entryPermissions({}, {}), kit.clock);
    roster.add(member);
    return member;
  };
  const [here, witness] = [enter(), enter()];
  const absences = new Absences(kit.clock, roster, () => {});
  here.socket = grace;
  absences.witness(witness, [here.id]);
  expect(here.witnesses.size).toBe(0);
  absences.detach(here, grace);
  absences.witness(witness, [here.id]);
  expect(here.witnesses.size).toBe(1);
});
