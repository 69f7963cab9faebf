import { beforeEach, expect, test } from 'vitest';
import { createRoomKit, EPOCH, type FakeClient } from '../../../test/room-kit.ts';

let kit: ReturnType<typeof createRoomKit>;
let owner: FakeClient;

beforeEach(async () => {
  kit = createRoomKit({ knocking: true });
  owner = await kit.owner();
});

const letIn = (ids: string[], admit = true) => owner.ask({ ask: 'admit', ids, admit })();

test('who waits is told nothing else', async () => {
  const guest = await kit.join({ grant: {}, tracks: ['microphone'] });
  const waiting = await kit.join({ userName: 'Wanda' });
  guest.say({ type: 'update', userName: 'Guest 2' });
  guest.ask({ ask: 'chat', text: 'hello' });
  guest.ask({ ask: 'app-message', data: 1 });
  guest.ask({ ask: 'app-message', to: waiting.id, data: 1 });
  guest.say({ type: 'relay', to: waiting.id, body: { kind: 'restart', link: { from: guest.id } } });
  owner.say({ type: 'levels', levels: [{ id: guest.id, dbfs: -20 }] });
  await kit.join({ grant: {} });
  guest.say({ type: 'leave' });
  await kit.clock.advance(10_000);
  expect(waiting.sent).toEqual([{ type: 'waiting' }]);
  expect(guest.of('waiting-updated')).toEqual([]);
  expect(owner.of('waiting-updated')).toEqual([
    { type: 'waiting-updated', waiting: [{ id: waiting.id, userName: 'Wanda', userId: '' }] },
  ]);
});

test('who is let in is welcomed, and takes part', async () => {
  const waiting = await kit.join();
  expect(letIn([waiting.id])).toBe('granted');
  expect(waiting.welcome.participants.map(({ id }) => id)).toEqual([owner.id]);
  expect(owner.of('participant-joined')).toHaveLength(1);
  expect(owner.of('waiting-updated').at(-1)?.waiting).toEqual([]);
  expect(waiting.ask({ ask: 'chat', text: 'thanks' })()).toBe('granted');
  waiting.say({ type: 'leave' });
  expect(owner.of('participant-left')).toMatchObject([{ id: waiting.id, reason: 'left' }]);
});

test('who is not let in is turned away', async () => {
  const waiting = await kit.join();
  expect(letIn([waiting.id], false)).toBe('granted');
  expect(waiting.closedBy).toBe('not-admitted');
  expect(letIn([waiting.id])).toBe('unknown-participant');
});

test('who waits may go, say nothing else, and not wait twice', async () => {
  const [gone, lost, loud] = [await kit.join(), await kit.join(), await kit.join()];
  expect((await kit.join({ identity: lost.identity })).closedBy).toBe('illegal-order');
  gone.say({ type: 'leave' });
  lost.drop();
  loud.say({ type: 'update', userName: 'let me in' });
  expect([gone.closedBy, loud.closedBy]).toEqual(['close', 'illegal-order']);
  await kit.clock.advance(1_000);
  expect(owner.of('waiting-updated').at(-1)?.waiting).toEqual([]);
});

test('those who decide are told a few times a second of people who come and go all the time, and at last as it is', async () => {
  let last: FakeClient | undefined;
  for (let n = 0; n < 200; n++) {
    last?.say({ type: 'leave' });
    last = await kit.join();
    await kit.clock.advance(10);
  }
  await kit.clock.advance(1_000);
  const told = owner.of('waiting-updated');
  expect(told.length).toBeLessThanOrEqual(4 + 2 * 4 + 1);
  expect(told.at(-1)?.waiting.map(({ id }) => id)).toEqual([last?.id]);
});

test('32 wait at most', async () => {
  for (let n = 0; n < 32; n++) expect((await kit.join()).closedBy).toBeUndefined();
  expect((await kit.join()).closedBy).toBe('room-full');
  expect(kit.hub.counts().waiting).toBe(32);
});

test('nobody is let into a full or an expired room', async () => {
  const waiting = await kit.join();
  kit.rooms.set('hello', { knocking: true, maxParticipants: 1 });
  kit.hub.changed('hello');
  expect(letIn([waiting.id])).toBe('state');
  kit.rooms.set('hello', { knocking: true, expiresAt: new Date(EPOCH).toISOString() });
  kit.hub.changed('hello');
  expect(letIn([waiting.id])).toBe('state');
  expect(waiting.sent).toEqual([{ type: 'waiting' }]);
});

test('who becomes one of those who decide learns who waits, and whoever is none any more does not', async () => {
  const host = await kit.join({ grant: {} });
  const waiting = await kit.join();
  const make = (canAdmin: boolean) =>
    owner.ask({ ask: 'update-participants', updates: { [host.id]: { permissions: { canAdmin } } } });
  make(true);
  make(false);
  expect(host.of('waiting-updated').map((message) => message.waiting.map(({ id }) => id))).toEqual([[waiting.id], []]);
  expect((await kit.owner()).welcome.waiting).toHaveLength(1);
});

test('a room is there while somebody waits, and ends for them too', async () => {
  const waiting = await kit.join();
  owner.say({ type: 'leave' });
  expect(kit.hub.roomNames).toEqual(['hello']);
  kit.hub.end('hello');
  expect(waiting.closedBy).toBe('removed');
  expect(kit.hub.roomNames).toEqual([]);
});
