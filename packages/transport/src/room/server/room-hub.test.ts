import { VirtualClock } from '@sluice/core/testing';
import { createSecret, PROTOCOL, type Refusal, type ServerMessage } from '@sluice/protocol';
import { beforeEach, expect, test } from 'vitest';
import { readServerMessage } from '../protocol/read-message.ts';
import { RoomHub } from './room-hub.ts';
import type { RoomProperties } from './room-properties.ts';

const EPOCH = Date.parse('2026-01-01T00:00:00.000Z');
const at = (ms: number) => new Date(EPOCH + ms).toISOString();
let clock: VirtualClock;
let rooms: Map<string, RoomProperties>;
let hub: RoomHub;

beforeEach(() => {
  clock = new VirtualClock();
  rooms = new Map([['hello', {}]]);
  hub = new RoomHub({
    clock,
    wallClock: () => EPOCH + clock.now(),
    loopback: true,
    maxParticipants: 64,
    maxRooms: 10,
    directory: { find: (name) => rooms.get(name) },
    tokens: (token) => (token === undefined ? {} : { userId: token, userName: token }),
  });
});

const join = async (room: string, token?: string, ...atOnce: readonly object[]) => {
  const sent: ServerMessage[] = [];
  let closedBy: Refusal | 'left' | undefined;
  const socket = {
    lastHeard: clock.now(),
    send: (text: string) => void sent.push(readServerMessage(text)),
    refuse: (refusal: Refusal) => {
      closedBy = refusal;
      connection.refused(refusal);
    },
    close: () => {
      closedBy = 'left';
    },
  };
  const connection = hub.connect(room, socket, () => {});
  const say = (message: object) => connection.message(JSON.stringify(message));
  const entry = token === undefined ? {} : { token };
  say({ type: 'join', protocol: PROTOCOL, identity: createSecret(), userName: 'Ada', tracks: [], ...entry });
  for (const message of atOnce) say(message);
  await clock.settle();
  const welcome = sent.find((message) => message.type === 'welcome');
  return { id: welcome?.id ?? '', sent, say, closedBy: () => closedBy };
};

test('a room that the directory does not know is no room', async () => {
  expect((await join('other')).closedBy()).toBe('room-unknown');
  rooms.set('other', {});
  expect((await join('other')).closedBy()).toBeUndefined();
});

test.each<[string, RoomProperties, string | undefined, Refusal | undefined]>([
  ['private without a token', { private: true }, undefined, 'token-required'],
  ['private with one', { private: true }, 'ada', undefined],
  ['before it opens', { opensAt: at(1) }, 'ada', 'room-not-open'],
  ['when it opens', { opensAt: at(0) }, undefined, undefined],
  ['before it expires', { expiresAt: at(1) }, undefined, undefined],
  ['when it expires', { expiresAt: at(0) }, 'ada', 'room-expired'],
])('entering a room: %s', async (_, properties, token, refusal) => {
  rooms.set('hello', properties);
  expect((await join('hello', token)).closedBy()).toBe(refusal);
});

test('who leaves while the token is looked at never comes in, and is not refused', async () => {
  const ada = await join('hello', 'ada');
  const grace = await join('hello', 'grace', { type: 'leave' });
  expect(grace.closedBy()).toBe('left');
  expect(hub.counts()).toMatchObject({ participants: 1, refused: {} });
  expect(ada.sent.filter(({ type }) => type === 'participant-joined')).toEqual([]);
});

test('a room is full at the number it is told', async () => {
  rooms.set('hello', { maxParticipants: 1 });
  await join('hello');
  expect((await join('hello')).closedBy()).toBe('room-full');
});

test('those outside learn who is in a room', async () => {
  await join('hello', 'ada');
  expect(hub.roomNames).toEqual(['hello']);
  expect(hub.presence('hello')).toMatchObject([{ userId: 'ada', userName: 'ada' }]);
  expect(hub.presence('other')).toEqual([]);
});

test('somebody is removed from outside, and the others are told', async () => {
  const ada = await join('hello', 'ada');
  const grace = await join('hello', 'grace');
  expect(hub.eject('hello', { userIds: ['ada', 'nobody'] })).toBe(1);
  expect(ada.closedBy()).toBe('removed');
  expect(grace.sent.at(-1)).toEqual({ type: 'participant-left', id: ada.id, reason: 'removed' });
  ada.say({ type: 'update', userName: 'still here' });
  expect(grace.sent.at(-1)).toMatchObject({ type: 'participant-left' });
  expect(hub.eject('hello', { ids: [ada.id] })).toBe(0);
});

test('a room that is taken out of the directory ends', async () => {
  const ada = await join('hello');
  rooms.set('hello', { chat: false });
  hub.changed('hello');
  expect(ada.closedBy()).toBeUndefined();
  expect((await join('hello')).sent[0]).toMatchObject({ room: { chat: false } });
  rooms.delete('hello');
  hub.changed('hello');
  expect(ada.closedBy()).toBe('removed');
  expect(hub.roomNames).toEqual([]);
});

test('a hub counts', async () => {
  const ada = await join('hello');
  await join('hello');
  await join('other');
  ada.say({ type: 'leave' });
  expect(hub.counts()).toMatchObject({
    rooms: 1,
    participants: 1,
    joined: 2,
    received: 4,
    left: { left: 1 },
    refused: { 'room-unknown': 1 },
  });
});
