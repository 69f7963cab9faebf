import { VirtualClock } from '@sluice/core/testing';
import { type ClientMessage, createSecret, PROTOCOL, type ServerMessage } from '@sluice/protocol';
import { beforeEach, expect, test } from 'vitest';
import { idOfIdentity } from '../protocol/identity.ts';
import { readServerMessage } from '../protocol/read-message.ts';
import type { HubConnection } from './hub-connection.ts';
import type { MemberSocket } from './members/member.ts';
import { RoomHub } from './room-hub.ts';
import type { VerifyToken } from './room-tokens.ts';

class FakeSocket implements MemberSocket {
  readonly sent: ServerMessage[] = [];
  open = true;
  lastHeard: number;
  connection!: HubConnection;

  constructor(now: number) {
    this.lastHeard = now;
  }

  send(text: string): void {
    this.sent.push(readServerMessage(text));
  }

  refuse(code: 'malformed', message: string): void {
    this.sent.push({ type: 'refused', code, message });
    this.open = false;
  }

  close(): void {
    this.open = false;
  }

  say(message: unknown): void {
    this.connection.message(JSON.stringify(message));
  }

  drop(now: number): void {
    this.lastHeard = now;
    this.open = false;
    this.connection.closed();
  }

  of<T extends ServerMessage['type']>(type: T): (ServerMessage & { type: T })[] {
    return this.sent.filter((message) => message.type === type) as (ServerMessage & { type: T })[];
  }
}

const link = { from: idOfIdentity(createSecret()) };
let clock: VirtualClock;
let hub: RoomHub;

const build = (tokens?: VerifyToken, limits = { maxParticipants: 3, maxRooms: 2 }) => {
  hub = new RoomHub({ clock, loopback: true, tokens, ...limits });
};
beforeEach(() => {
  clock = new VirtualClock();
  build();
});

const connect = (room = 'hello') => {
  const socket = new FakeSocket(clock.now());
  socket.connection = hub.connect(room, socket, () => {});
  return socket;
};
const joinMessage = (identity = createSecret()): ClientMessage => ({
  type: 'join',
  protocol: PROTOCOL,
  identity,
  userName: 'Ada',
  tracks: [],
});
const join = async (room = 'hello', identity = createSecret()) => {
  const socket = connect(room);
  socket.say(joinMessage(identity));
  await clock.settle();
  return Object.assign(socket, { id: idOfIdentity(identity) });
};
const resume = async (from: FakeSocket, received: number) => {
  const socket = connect();
  const { id, secret } = from.of('welcome')[0]!;
  socket.say({ type: 'resume', protocol: PROTOCOL, id, secret, received });
  await clock.settle();
  return socket;
};

/** `by` wants the sound of `of`. */
const wish = (by: { readonly id: string }, of: { readonly id: string }) => ({
  type: 'relay',
  to: of.id,
  body: { kind: 'subscribe', link: { from: by.id }, tracks: ['microphone'] },
});

test('a newcomer gets the list, the others get the newcomer', async () => {
  const ada = await join();
  const grace = await join();
  expect(ada.of('participant-joined').map((m) => m.participant.id)).toEqual([grace.id]);
  expect(grace.of('welcome')[0]!.participants.map((p) => p.id)).toEqual([ada.id]);
  expect(grace.of('participant-joined')).toEqual([]);
});

test('a tidy leave is told at once, and the room can be joined again', async () => {
  const ada = await join();
  const grace = await join();
  grace.say({ type: 'leave' });
  expect(ada.of('participant-left')).toEqual([{ type: 'participant-left', id: grace.id, reason: 'left' }]);
  expect(grace.open).toBe(false);
  expect((await join()).of('welcome')).toHaveLength(1);
});

test('messages reach members of the same room only', async ({ task }) => {
  const ada = await join();
  const grace = await join();
  const stranger = await join('other');
  ada.say({ type: 'relay', to: grace.id, body: { kind: 'restart', link } });
  ada.say({ type: 'relay', to: stranger.id, body: { kind: 'restart', link } });
  expect(grace.of('relay')).toEqual([{ type: 'relay', from: ada.id, body: { kind: 'restart', link } }]);
  task.meta.measured = [`messages to another room ${stranger.of('relay').length}`];
  expect(stranger.of('relay')).toEqual([]);
});

test('candidates of the link-local range are not passed on', async () => {
  const ada = await join();
  const grace = await join();
  const send = (address: string) =>
    ada.say({
      type: 'relay',
      to: grace.id,
      body: {
        kind: 'candidate',
        link,
        candidate: { candidate: `candidate:1 1 udp 1 ${address} 5000 typ host`, sdpMid: '0', sdpMLineIndex: 0 },
      },
    });
  for (const address of ['169.254.169.254', '224.0.0.1', 'evil.example', '127.0.0.1', '192.168.1.2']) send(address);
  const passed = grace
    .of('relay')
    .map(({ body }) => (body.kind === 'candidate' ? body.candidate.candidate.split(' ')[4] : ''));
  expect(passed).toEqual(['127.0.0.1', '192.168.1.2']);
});

test('a client that lost its socket comes back and gets what it missed, once and in order', async () => {
  const ada = await join();
  const grace = await join();
  grace.drop(clock.now());
  await clock.advance(3_000);
  ada.say({ type: 'update', userName: 'Ada 2' });
  ada.say({ type: 'update', userName: 'Ada 3' });
  const again = await resume(grace, 0);
  expect(again.of('resumed')).toHaveLength(1);
  expect(again.of('participant-updated').map((m) => m.participant.userName)).toEqual(['Ada 2', 'Ada 3']);
  expect(ada.of('participant-detached').map((m) => m.detached)).toEqual([true, false]);
  await clock.advance(60_000);
  expect(ada.of('participant-left')).toEqual([]);
});

test('a resume secret works once', async () => {
  await join();
  const grace = await join();
  grace.drop(clock.now());
  const again = await resume(grace, 0);
  again.say({ type: 'alive', ids: [] });
  expect((await resume(grace, 0)).of('refused')[0]!.code).toBe('unknown-session');
});

test('who does not come back is gone 5 s after it was last heard of', async () => {
  const ada = await join();
  const grace = await join();
  grace.drop(clock.now());
  await clock.advance(4_900);
  expect(ada.of('participant-left')).toEqual([]);
  await clock.advance(200);
  expect(ada.of('participant-left')).toEqual([{ type: 'participant-left', id: grace.id, reason: 'lost' }]);
  expect((await resume(grace, 0)).of('refused')[0]!.code).toBe('unknown-session');
});

test('a half-open connection that is noticed late leaves the others time to say that they hear it', async () => {
  const ada = await join();
  const grace = await join();
  ada.say(wish(ada, grace));
  const lastHeard = clock.now();
  await clock.advance(7_000);
  grace.drop(lastHeard);
  await clock.advance(1_000);
  ada.say({ type: 'alive', ids: [grace.id] });
  await clock.advance(1_000);
  expect(ada.of('participant-left')).toEqual([]);
  await clock.advance(2_000);
  expect(ada.of('participant-left')).toHaveLength(1);
});

test('who is still heard by others stays for a minute', async () => {
  const ada = await join();
  const grace = await join();
  ada.say(wish(ada, grace));
  grace.drop(clock.now());
  for (let second = 0; second < 59; second++) {
    ada.say({ type: 'alive', ids: [grace.id] });
    await clock.advance(1_000);
  }
  expect(ada.of('participant-left')).toEqual([]);
  for (let second = 0; second < 4; second++) {
    ada.say({ type: 'alive', ids: [grace.id] });
    await clock.advance(1_000);
  }
  expect(ada.of('participant-left')).toHaveLength(1);
});

test('nobody can take the id of somebody who is in the room', async () => {
  const identity = createSecret();
  await join('hello', identity);
  expect((await join('hello', identity)).of('refused')[0]!.code).toBe('illegal-order');
});

test('after a restart of the server a client gets its id again', async () => {
  const identity = createSecret();
  const before = await join('hello', identity);
  build();
  const after = await join('hello', identity);
  expect(after.of('welcome')[0]!.id).toBe(before.of('welcome')[0]!.id);
});

test('the loudest whom others hear is the active speaker', async () => {
  const ada = await join();
  const grace = await join();
  ada.say(wish(ada, grace));
  ada.say({ type: 'levels', levels: [{ id: grace.id, dbfs: -20 }] });
  expect(ada.of('active-speaker').at(-1)?.id).toBe(grace.id);
  ada.say({ type: 'levels', levels: [{ id: ada.id, dbfs: 0 }] });
  expect(ada.of('active-speaker')).toHaveLength(1);
  grace.say({ type: 'leave' });
  expect(ada.of('active-speaker').at(-1)?.id).toBe(null);
});

test.each([
  ['a message before the join', [{ type: 'leave' }], 'illegal-order'],
  ['a second join', [joinMessage(), joinMessage()], 'illegal-order'],
  ['an unknown message', [joinMessage(), { type: 'eject' }], 'malformed'],
  ['another version', [{ ...joinMessage(), protocol: 'sluice-room/9' }], 'version'],
  ['a token where none is needed', [{ ...joinMessage(), token: 'abc' }], 'token-unexpected'],
])('%s is refused and disturbs nobody', async (_, messages, code) => {
  const ada = await join();
  const socket = connect();
  for (const message of messages) {
    socket.say(message);
    await clock.settle();
  }
  expect(socket.of('refused')[0]!.code).toBe(code);
  expect(ada.open).toBe(true);
});

test('limits: participants of a room, rooms of a server', async () => {
  for (let n = 0; n < 3; n++) await join();
  expect((await join()).of('refused')[0]!.code).toBe('room-full');
  await join('second');
  expect((await join('third')).of('refused')[0]!.code).toBe('too-many-rooms');
});

test('tokens: required, wrong, right', async () => {
  build(async (token) => (token === 'open' ? { userId: 'u1', isOwner: true } : null));
  const codes: string[] = [];
  for (const token of [undefined, 'wrong']) {
    const socket = connect();
    socket.say({ ...joinMessage(), ...(token === undefined ? {} : { token }) });
    await clock.settle();
    codes.push(socket.of('refused')[0]!.code);
  }
  expect(codes).toEqual(['token-required', 'token-invalid']);
  const owner = connect();
  owner.say({ ...joinMessage(), token: 'open' });
  await clock.settle();
  expect(owner.of('welcome')[0]!.you).toMatchObject({ userId: 'u1', isOwner: true });
});
