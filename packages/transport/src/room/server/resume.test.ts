import { createSecret, PROTOCOL } from '@sluice/protocol';
import { beforeEach, expect, test } from 'vitest';
import { createRoomKit, EPOCH, type FakeClient } from '../../../test/room-kit.ts';

let kit: ReturnType<typeof createRoomKit>;
let ada: FakeClient;
let grace: FakeClient;

beforeEach(async () => {
  kit = createRoomKit();
  [ada, grace] = [await kit.join(), await kit.join()];
});

const secretOf = (client: FakeClient) => client.of('resumed')[0]!.secret;

test('the former secret is good while the answer may be lost, and no longer', async ({ task }) => {
  grace.drop();
  const lost = await kit.resume(grace);
  lost.drop();
  const again = await kit.resume(grace);
  expect(again.of('resumed')).toHaveLength(1);
  again.say({ type: 'alive', ids: [] });
  const stolen = [await kit.resume(grace), await kit.resume(grace, secretOf(lost))];
  task.meta.measured = [`resumptions by a secret that was used ${stolen.flatMap((one) => one.of('resumed')).length}`];
  expect(stolen.map(({ closedBy }) => closedBy)).toEqual(['unknown-session', 'unknown-session']);
  expect((await kit.resume(grace, secretOf(again))).closedBy).toBeUndefined();
});

test('the answer to a ping shows as well that the new secret is there', async () => {
  grace.drop();
  const again = await kit.resume(grace);
  await kit.clock.advance(2_000);
  again.lastHeard = kit.clock.now();
  expect((await kit.resume(grace)).closedBy).toBe('unknown-session');
  expect(again.closedBy).toBeUndefined();
});

test.each([
  ['another one’s secret', () => kit.resume(grace, ada.welcome.secret)],
  ['a secret that was made up', () => kit.resume(grace, createSecret())],
  ['the identity', () => kit.resume(grace, grace.identity)],
  [
    'another room',
    async () => {
      kit.rooms.set('other', {});
      await kit.join({ room: 'other' });
      const client = kit.connect(undefined, 'other');
      const { id, secret } = grace.welcome;
      client.say({ type: 'resume', protocol: PROTOCOL, id, secret, received: 0 });
      await kit.clock.settle();
      return client;
    },
  ],
])('nobody takes over a session by %s', async (_, attempt) => {
  expect((await attempt()).closedBy).toBe('unknown-session');
  expect(grace.closedBy).toBeUndefined();
});

test('a session that is taken over ends the socket that had it, which says nothing any more', async () => {
  const again = await kit.resume(grace);
  expect(grace.closedBy).toBe('replaced');
  grace.connection.closed();
  expect(ada.of('participant-detached')).toEqual([]);
  again.say({ type: 'update', userName: 'Grace 2' });
  expect(ada.of('participant-updated')).toHaveLength(1);
});

test('who missed too much is told everything anew, and stays, with what it says from now on', async () => {
  grace.drop();
  for (let n = 0; n < 300; n++)
    ada.say({ type: 'relay', to: grace.id, body: { kind: 'subscribe', link: { from: ada.id }, tracks: [] } });
  ada.say({ type: 'update', userName: 'Ada 2' });
  const again = await kit.resume(grace);
  expect(again.closedBy).toBeUndefined();
  expect(again.welcome).toMatchObject({ id: grace.id, session: grace.welcome.session });
  expect(again.welcome.participants).toContainEqual(expect.objectContaining({ id: ada.id, userName: 'Ada 2' }));
  expect(again.of('relay')).toEqual([]);
  expect(ada.of('participant-left')).toEqual([]);
  // The others say again what got lost.
  expect(ada.of('participant-joined').filter(({ participant }) => participant.id === grace.id)).toHaveLength(2);
  // Both sides count from here.
  again.say({ type: 'update', userName: 'Grace 2' });
  again.drop();
  ada.say({ type: 'update', userName: 'Ada 3' });
  const third = await kit.resume(grace, again.welcome.secret, 1);
  expect(third.of('resumed')).toMatchObject([{ received: 1 }]);
  expect(third.of('participant-updated')).toMatchObject([{ participant: { userName: 'Ada 3' } }]);
});

test('who asks for everything anew all the time is turned away', async () => {
  let last = grace;
  let secret = grace.welcome.secret;
  for (let n = 0; n < 20 && last.closedBy === undefined; n++) {
    last = await kit.resume(grace, secret, 999);
    secret = last.welcome?.secret ?? secret;
  }
  expect(last.closedBy).toBe('rate');
  expect(ada.of('participant-joined').length).toBeLessThan(10);
});

test('the socket that a session is taken from is closed, also where everything is told anew', async () => {
  for (let n = 0; n < 300; n++)
    ada.say({ type: 'relay', to: grace.id, body: { kind: 'subscribe', link: { from: ada.id }, tracks: [] } });
  expect((await kit.resume(grace)).welcome.id).toBe(grace.id);
  expect(grace.closedBy).toBe('replaced');
  grace.say({ type: 'update', userName: 'Ghost' });
  expect(ada.of('participant-updated')).toEqual([]);
});

test('who resumes all the time is turned away', async () => {
  let last = grace;
  let secret = grace.welcome.secret;
  for (let n = 0; n < 80 && last.closedBy === undefined; n++) {
    last = await kit.resume(grace, secret);
    secret = last.of('resumed')[0]?.secret ?? secret;
    if (last.closedBy === undefined) last.say({ type: 'alive', ids: [] });
  }
  expect(last.closedBy).toBe('rate');
});

test('a token that ends during the call removes its holder, if it says so', async () => {
  const expiresAt = EPOCH + 60_000;
  const leaves = await kit.join({ grant: { expiresAt, ejectAtExpiry: true } });
  const stays = await kit.join({ grant: { expiresAt } });
  await kit.clock.advance(59_999);
  expect(leaves.closedBy).toBeUndefined();
  await kit.clock.advance(1);
  expect([leaves.closedBy, stays.closedBy]).toEqual(['token-expired', undefined]);
  expect(ada.of('participant-left')).toMatchObject([{ id: leaves.id, reason: 'removed' }]);
  expect((await kit.resume(leaves)).closedBy).toBe('unknown-session');
});

test('a room that expires removes those inside, if it says so', async () => {
  kit.rooms.set('hello', { expiresAt: new Date(EPOCH + 1_000).toISOString() });
  kit.hub.changed('hello');
  await kit.clock.advance(1_000);
  expect((await kit.join()).closedBy).toBe('room-expired');
  expect(ada.closedBy).toBeUndefined();
  kit.rooms.set('hello', { expiresAt: new Date(EPOCH + 2_000).toISOString(), ejectAtExpiry: true });
  kit.hub.changed('hello');
  await kit.clock.advance(1_000);
  expect([ada.closedBy, grace.closedBy]).toEqual(['room-expired', 'room-expired']);
  expect(kit.hub.roomNames).toEqual([]);
  expect(kit.clock.timers).toBe(0);
});
