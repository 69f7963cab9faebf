import { defaultPermissions, type RoomParticipantInfo } from '@sluice/protocol';
import { expect, test } from 'vitest';
import { ActiveSpeaker } from './members/active-speaker.ts';
import { type CardMessage, participantId, readDisplay, writeDisplay } from './members/participant-card.ts';
import { Roster } from './members/roster.ts';
import { takeRoomEvent } from './room-events.ts';

const ADA = '00000000-0000-4000-8000-00000000000a';
const OWN = '00000000-0000-4000-8000-00000000000b';
const track = (name: string, ignoreLevel = false) => ({ name, enabled: true, continuous: true, ignoreLevel });
const info = (tracks: string[] = [], more: Partial<RoomParticipantInfo> = {}): RoomParticipantInfo => ({
  id: ADA,
  userName: 'Ada',
  userId: 'ada',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: tracks.map((name) => track(name)),
  permissions: defaultPermissions,
  mutedRemotely: [],
  ...more,
});

function kit() {
  const told: unknown[] = [];
  const roster = new Roster(
    {
      joined: ({ id }) => told.push(`joined ${id}`),
      updated: () => told.push('updated'),
      left: (_, reason) => told.push(`left ${reason}`),
      said: (_, { kind, data }) => told.push([kind, data]),
      missed: (_, count) => told.push(['missed', count]),
    },
    OWN,
    () => '2026-01-02T00:00:00.000Z',
  );
  const speaker = new ActiveSpeaker((id) => told.push(['speaker', id]));
  const take = (data: Record<string, unknown>) =>
    takeRoomEvent(data, {
      entry: (value) => roster.take(value),
      unpublished: (feed) => roster.unpublished(feed),
      left: (feed, reason) => roster.left(feed, reason),
      talking: (feed, mid, talking) => speaker.take(undefined, feed, mid, talking, roster),
      over: ({ code }) => told.push(code),
    });
  return { told, roster, take };
}

test('what participants say of themselves stands behind their name, and comes back', () => {
  const message: CardMessage = { n: 3, kind: 'app-message', data: { a: [1, null] } };
  const display = writeDisplay(info(['microphone'], { userData: { seat: 4 } }), [message]);
  expect(display.startsWith('Ada')).toBe(true);
  expect(readDisplay(display)).toEqual({
    userName: 'Ada',
    card: {
      v: 1,
      userId: 'ada',
      joinedAt: '2026-01-01T00:00:00.000Z',
      tracks: [track('microphone')],
      userData: { seat: 4 },
      message,
    },
  });
});

test.each(['Bob', '', undefined, 4, 'Bob\u001f{', 'Bob\u001f{"v":2}', `Bob\u001f{"v":1,"a":"${'x'.repeat(40_000)}"}`])(
  'the name of another client has no card: %.20j',
  (display) => expect(readDisplay(display).card).toBeUndefined(),
);

test('ids are UUIDs, also of numbers, the same for everybody', () => {
  expect(participantId(ADA)).toBe(ADA);
  expect(participantId(12)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  expect(participantId(12)).toBe(participantId(12));
  expect(participantId('12')).toBe(participantId(12));
  expect(participantId(13)).not.toBe(participantId(12));
});

test('somebody joins, publishes, drops a track and goes', () => {
  const { told, roster, take } = kit();
  take({ videoroom: 'event', joining: { id: ADA, display: writeDisplay(info(['microphone', 'camera'])) } });
  expect(roster.get(ADA)?.tracks.map(({ name }) => name)).toEqual(['microphone', 'camera']);
  expect(roster.source(ADA, 'microphone')).toBeUndefined();
  const streams = [
    { type: 'audio', mid: '0', description: 'microphone' },
    { type: 'data', mid: '1' },
    { type: 'video', mid: '2', description: 'camera' },
  ];
  take({ videoroom: 'event', publishers: [{ id: ADA, streams }] });
  expect(roster.source(ADA, 'camera')).toEqual({ feed: ADA, mid: '2' });
  take({ videoroom: 'event', publishers: [{ id: ADA, streams: [streams[0], { ...streams[2], disabled: true }] }] });
  expect(roster.source(ADA, 'camera')).toBeUndefined();
  take({ videoroom: 'event', unpublished: ADA });
  expect(roster.source(ADA, 'microphone')).toBeUndefined();
  take({ videoroom: 'event', leaving: ADA });
  take({ videoroom: 'event', leaving: ADA });
  expect(told).toEqual([`joined ${ADA}`, 'updated', 'updated', 'updated', 'left left']);
});

test('a client of others has tracks by what they are', () => {
  const { roster, take } = kit();
  const streams = [
    { type: 'audio', mid: 'a' },
    { type: 'audio', mid: 'b', description: 'anything at all' },
    { type: 'video', mid: 'c', description: 'screenVideo' },
    { type: 'video', mid: 'd' },
  ];
  take({ videoroom: 'joined', publishers: [{ id: 7, display: 'Bob', streams }] });
  const bob = roster.get(participantId(7));
  expect(bob).toMatchObject({ userName: 'Bob', joinedAt: '2026-01-02T00:00:00.000Z' });
  expect(bob?.tracks.map(({ name }) => name)).toEqual(['microphone', 'customAudio.b', 'screenVideo', 'camera']);
});

test('a message is told once, in its order, and not to who came after it', () => {
  const { told, take } = kit();
  const say = (n: number) => writeDisplay(info(), [{ n, kind: 'app-message', data: n }]);
  take({ videoroom: 'event', joining: { id: ADA, display: say(1) } });
  for (const n of [1, 2, 2, 3]) take({ videoroom: 'event', id: ADA, display: say(n) });
  expect(told.filter(Array.isArray)).toEqual([
    ['app-message', 2],
    ['app-message', 3],
  ]);
});

test('who was away is told what was said meanwhile, and how much of it is not known any more', () => {
  const { told, take } = kit();
  const say = (...numbers: number[]) =>
    take({
      videoroom: 'event',
      id: ADA,
      display: writeDisplay(
        info(),
        numbers.map((n) => ({ n, kind: 'app-message', data: n })),
      ),
    });
  say(1, 2);
  expect(told.filter(Array.isArray)).toEqual([]);
  say(1, 2, 3);
  say(2, 3, 4, 5);
  say(2, 3, 4, 5);
  say(9, 10);
  expect(told.filter(Array.isArray)).toEqual([
    ['app-message', 3],
    ['app-message', 4],
    ['app-message', 5],
    ['missed', 3],
    ['app-message', 9],
    ['app-message', 10],
  ]);
});

test('who began to talk last is the active speaker, by no track whose level counts for nothing', () => {
  const { told, take } = kit();
  const tracks = [track('microphone'), track('customAudio.music', true)];
  const streams = [
    { type: 'audio', mid: '0', description: 'microphone' },
    { type: 'audio', mid: '1', description: 'customAudio.music' },
  ];
  take({ publishers: [{ id: ADA, display: writeDisplay(info([], { tracks })), streams }] });
  take({ videoroom: 'talking', id: ADA, mid: '1' });
  take({ videoroom: 'talking', id: ADA, mid: '0' });
  take({ videoroom: 'stopped-talking', id: ADA, mid: '0' });
  expect(told.filter(Array.isArray)).toEqual([['speaker', ADA]]);
});

test('who is removed is told so, and a room that is destroyed is lost', () => {
  const { told, take } = kit();
  take({ videoroom: 'event', joining: { id: ADA } });
  take({ videoroom: 'event', kicked: ADA });
  take({ videoroom: 'event', leaving: 'ok', reason: 'kicked' });
  take({ videoroom: 'destroyed', room: 'x' });
  expect(told.slice(1)).toEqual(['left removed', 'SLUICE_ROOM_REMOVED', 'SLUICE_ROOM_LOST']);
});

test('over several servers somebody is there as long as one of them says so, with what it sends by way of another', () => {
  const { told, roster, take } = kit();
  const display = writeDisplay(info(['microphone']));
  const streams = [{ type: 'audio', mid: '0', description: 'microphone' }];
  take({ publishers: [{ id: `${OWN}~r`, streams }] });
  take({ publishers: [{ id: `${ADA}~r`, streams }] });
  expect([told, roster.orphans]).toEqual([[], [`${ADA}~r`]]);
  take({ attendees: [{ id: `${ADA}~p`, display }] });
  expect([told, roster.orphans]).toEqual([[`joined ${ADA}`], []]);
  expect(roster.source(ADA, 'microphone')).toEqual({ feed: `${ADA}~r`, mid: '0' });
  // It moves to this server, and goes from where it was seen.
  take({ publishers: [{ id: ADA, display, streams: [{ ...streams[0], mid: 'a' }] }] });
  expect(roster.source(ADA, 'microphone')).toEqual({ feed: ADA, mid: 'a' });
  take({ leaving: `${ADA}~r` });
  take({ leaving: `${ADA}~p` });
  expect(roster.feeds).toEqual([ADA]);
  // We move to another server, where it is seen otherwise.
  roster.serverForgot();
  take({ attendees: [{ id: `${ADA}~p`, display }], publishers: [{ id: `${ADA}~r`, streams }] });
  take({ leaving: `${ADA}~p` });
  expect(told.filter((what) => what !== 'updated')).toEqual([`joined ${ADA}`, 'left left']);
  expect(roster.orphans).toEqual([`${ADA}~r`]);
});
