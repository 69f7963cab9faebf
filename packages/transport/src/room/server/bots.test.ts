import { describe, expect, test } from 'vitest';
import { createRoomKit, type FakeClient } from '../../../test/room-kit.ts';
import type { RoomHubOptions } from './room-hub.ts';

const open = { tokens: undefined } satisfies Partial<RoomHubOptions>;
const roomKit = (maxParticipants = 64) => createRoomKit({ maxParticipants }, open);
type Kit = ReturnType<typeof createRoomKit>;

const bot = (kit: Kit, revision: number, job = 'greeter') => kit.join({ lease: { job, revision } });
const standby = (kit: Kit, revision: number, job = 'greeter') => kit.join({ lease: { job, revision, standby: true } });
const begin = (client: FakeClient) => client.ask({ ask: 'take-place' })();
/** Who is there to somebody, beside themselves. */
const seenBy = (one: FakeClient, others: readonly FakeClient[]) =>
  others.filter(({ id }) => one.sees(id) !== undefined);

describe('of two bots of a job', () => {
  test('the one with the higher lease stays, in whichever order they come', async () => {
    const kit = roomKit();
    const ada = await kit.join();
    const first = await bot(kit, 7);
    const second = await bot(kit, 9);
    expect(first.closedBy).toBe('replaced');
    expect(second.welcome.participants.map(({ id }) => id)).toEqual([ada.id]);
    expect(seenBy(ada, [first, second])).toEqual([second]);
    expect((await bot(kit, 8)).closedBy).toBe('replaced');
    expect(second.closedBy).toBeUndefined();
    second.say({ type: 'leave' });
    expect((await bot(kit, 8)).closedBy).toBe('replaced');
    expect((await bot(kit, 9)).closedBy).toBeUndefined();
  });

  test('the later one has the same room as whoever comes next, where the other was alone in it', async () => {
    const kit = roomKit();
    const first = await bot(kit, 7);
    const second = await bot(kit, 9);
    expect(first.closedBy).toBe('replaced');
    const ada = await kit.join();
    expect(ada.welcome.session).toBe(second.welcome.session);
    expect(seenBy(ada, [second])).toEqual([second]);
    expect(seenBy(second, [ada])).toEqual([ada]);
    const link = { from: ada.id };
    ada.say({ type: 'relay', to: second.id, body: { kind: 'subscribe', link, tracks: ['microphone'] } });
    second.say({ type: 'relay', to: ada.id, body: { kind: 'subscribe', link, tracks: ['microphone'] } });
    expect(second.of('relay')).toMatchObject([{ from: ada.id }]);
    expect(ada.of('relay')).toMatchObject([{ from: second.id }]);
    expect(kit.hub.presence('hello').length).toBe(2);
  });

  test('the later one has what was said from its welcome on, and comes back to it', async () => {
    const kit = roomKit();
    await bot(kit, 7);
    const second = await bot(kit, 9);
    const missed = second.sent.length - 1;
    second.drop();
    const again = await kit.resume(second, undefined, missed);
    expect(again.sent.map(({ type }) => type)).toEqual(['resumed']);
  });

  test('both have a place in a full room, one after the other', async () => {
    const kit = roomKit(2);
    await kit.join();
    await bot(kit, 7);
    expect((await kit.join()).closedBy).toBe('room-full');
    expect((await bot(kit, 9)).closedBy).toBeUndefined();
    expect((await kit.join()).closedBy).toBe('room-full');
  });
});

describe('a bot that stands by', () => {
  test('leaves the one before it in the room until it takes its place', async () => {
    const kit = roomKit(2);
    const ada = await kit.join();
    const first = await bot(kit, 7);
    const second = await standby(kit, 9);
    expect(first.closedBy).toBeUndefined();
    expect(seenBy(ada, [first, second])).toEqual([first, second]);
    expect(begin(second)).toBe('granted');
    expect(first.closedBy).toBe('replaced');
    expect(seenBy(ada, [first, second])).toEqual([second]);
    expect(begin(second)).toBe('granted');
    expect((await standby(kit, 8)).closedBy).toBe('replaced');
  });

  test('gives up its turn by leaving, and the one before goes on', async () => {
    const kit = roomKit();
    const first = await bot(kit, 7);
    (await standby(kit, 9)).say({ type: 'leave' });
    expect(first.closedBy).toBeUndefined();
    const third = await standby(kit, 8);
    expect(begin(third)).toBe('granted');
    expect(first.closedBy).toBe('replaced');
  });

  test('is the only one: a later one that stands by takes its turn', async () => {
    const kit = roomKit(2);
    await kit.join();
    const first = await bot(kit, 7);
    const second = await standby(kit, 8);
    const third = await standby(kit, 9);
    expect([first, second, third].map(({ closedBy }) => closedBy)).toEqual([undefined, 'replaced', undefined]);
    expect((await standby(kit, 8)).closedBy).toBe('replaced');
    // One that begins meanwhile goes when its turn is over.
    const fourth = await bot(kit, 8);
    expect([first, third].map(({ closedBy }) => closedBy)).toEqual(['replaced', undefined]);
    begin(third);
    expect(fourth.closedBy).toBe('replaced');
  });

  test('is no way into a full room for others', async () => {
    const kit = roomKit(2);
    await kit.join();
    await bot(kit, 7);
    expect((await standby(kit, 9, 'other')).closedBy).toBe('room-full');
    expect((await standby(kit, 9)).closedBy).toBeUndefined();
    expect((await kit.join()).closedBy).toBe('room-full');
    // Not even for bots, where clients could not be told of so many.
    const most = roomKit();
    for (let n = 0; n < 64; n++) await bot(most, 7, `job ${n}`);
    expect((await standby(most, 9, 'job 1')).closedBy).toBe('room-full');
    expect((await bot(most, 9, 'job 1')).closedBy).toBeUndefined();
  });

  test('has nothing to take without a lease', async () => {
    const kit = roomKit();
    expect(begin(await kit.join())).toBe('state');
  });
});

describe('where the server takes tokens', () => {
  test.each([
    ['of its job', { job: 'greeter' }, undefined],
    ['of another job', { job: 'porter' }, 'lease-not-allowed'],
    ['of an owner', { isOwner: true }, 'lease-not-allowed'],
    ['none', undefined, 'lease-not-allowed'],
  ])('a bot with a token %s: %s', async (_, grant, refusal) => {
    const kit = createRoomKit();
    const first = await kit.join({ grant: { job: 'greeter' }, lease: { job: 'greeter', revision: 7 } });
    const lease = { job: 'greeter', revision: 9 };
    const second = await kit.join(grant === undefined ? { lease } : { grant, lease });
    expect(second.closedBy).toBe(refusal);
    expect(first.closedBy).toBe(refusal === undefined ? 'replaced' : undefined);
  });

  test('who is refused blocks nobody', async () => {
    const kit = createRoomKit();
    await kit.join({ lease: { job: 'greeter', revision: 1e12 } });
    const bot = await kit.join({ grant: { job: 'greeter' }, lease: { job: 'greeter', revision: 1 } });
    expect(bot.closedBy).toBeUndefined();
  });

  test('a guest with a lease does not even wait at the door', async () => {
    const kit = createRoomKit({ knocking: true });
    const owner = await kit.owner();
    expect((await kit.join({ lease: { job: 'greeter', revision: 9 } })).closedBy).toBe('lease-not-allowed');
    expect(owner.of('waiting-updated')).toEqual([]);
  });
});
