import { beforeEach, describe, expect, test } from 'vitest';
import { createRoomKit, type FakeClient } from '../../../test/room-kit.ts';
import type { RecordingRequest } from './room-services.ts';

let kit: ReturnType<typeof createRoomKit>;
let owner: FakeClient;

beforeEach(async () => {
  kit = createRoomKit();
  owner = await kit.owner();
});

describe('somebody else’s name', () => {
  const bound = { grant: { userName: 'Ada', userId: 'u1' }, userName: 'Grace' };

  test('one of a token stays, whatever its bearer says', async () => {
    const ada = await kit.join(bound);
    ada.say({ type: 'update', userName: 'Grace' });
    expect(owner.sees(ada.id)).toMatchObject({ userName: 'Ada', userId: 'u1' });
    expect(ada.sees(ada.id)).toMatchObject({ userName: 'Ada' });
    expect(kit.hub.presence('hello')).toContainEqual(expect.objectContaining({ userName: 'Ada', userId: 'u1' }));
  });

  test('nor does the chat show another', async () => {
    const ada = await kit.join(bound);
    const linus = await kit.join({ userName: 'Linus' });
    ada.ask({ ask: 'chat', text: 'hi', userName: 'Grace' });
    linus.ask({ ask: 'chat', text: 'hi', userName: 'Bot' });
    expect(owner.of('chat').map(({ userName }) => userName)).toEqual(['Ada', 'Bot']);
  });

  test('who has none by token may change it', async () => {
    const linus = await kit.join({ userName: 'Linus' });
    linus.say({ type: 'update', userName: 'L' });
    expect(owner.sees(linus.id)).toMatchObject({ userName: 'L' });
  });
});

test('permissions that change all the time are told a few times a second, and those that do not change never', async () => {
  const ada = await kit.join();
  for (let n = 0; n < 100; n++) ada.ask({ ask: 'update-permissions', permissions: { canSend: true } });
  expect(owner.of('participant-updated')).toHaveLength(0);
  // Less each time: nobody gives themselves more.
  const rules: Record<string, boolean> = {};
  for (let n = 0; n < 50; n++) {
    rules[`user ${n}`] = false;
    ada.ask({ ask: 'update-permissions', permissions: { canReceive: { byUserId: { ...rules } } } });
    await kit.clock.advance(20);
  }
  await kit.clock.advance(1_000);
  const told = owner.of('participant-updated');
  expect(told.length).toBeLessThanOrEqual(9);
  expect(told.at(-1)?.participant.permissions.canReceive.byUserId).toEqual(rules);
});

describe('a recorder whose meeting has ended', () => {
  let requests: RecordingRequest[];
  let begin: (() => void)[];
  let stop: () => void;

  beforeEach(async () => {
    requests = [];
    begin = [];
    const recorder = (request: RecordingRequest) => {
      requests.push(request);
      return new Promise<{ update(): Promise<void>; stop(): Promise<void>; ended: Promise<void> }>((resolve) => {
        const stopping = new Promise<void>((done) => {
          stop = done;
        });
        begin.push(() => resolve({ update: async () => {}, stop: () => stopping, ended: new Promise<void>(() => {}) }));
      });
    };
    kit = createRoomKit({}, { recorder });
    owner = await kit.owner();
  });

  test('does not enter the next one of the same name', async () => {
    owner.ask({ ask: 'start-recording' });
    await kit.clock.settle();
    owner.say({ type: 'leave' });
    const next = await kit.join();
    const late = await kit.enter(requests[0]!.entry.token);
    expect(late.closedBy).toBe('token-invalid');
    expect(next.of('participant-joined')).toEqual([]);
  });

  test('is not followed by the one that was to take its place', async () => {
    owner.ask({ ask: 'start-recording' });
    await kit.clock.settle();
    begin[0]!();
    await kit.clock.settle();
    owner.ask({ ask: 'start-recording', forceNew: true });
    await kit.clock.settle();
    owner.say({ type: 'leave' });
    stop();
    await kit.clock.settle();
    expect(requests).toHaveLength(1);
    expect(kit.hub.counts()).toMatchObject({ rooms: 0, recordings: 0 });
  });
});
