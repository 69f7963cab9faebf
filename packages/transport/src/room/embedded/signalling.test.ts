import { SluiceError } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { createId, createSecret, defaultPermissions, PROTOCOL, type ServerMessage } from '@sluice/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeRoomSocket } from '../../../test/fakes/fake-room-socket.ts';
import { Signalling } from './signalling.ts';

vi.mock('./room-socket-client.ts', async () => ({
  RoomSocketClient: (await import('../../../test/fakes/fake-room-socket.ts')).FakeRoomSocket,
}));

const id = createId();
const secret = createSecret();
const welcome: ServerMessage = {
  type: 'welcome',
  protocol: PROTOCOL,
  session: createId(),
  id,
  secret,
  you: {
    id,
    userName: 'Ada',
    userId: '',
    isOwner: false,
    joinedAt: '2026-01-01T00:00:00.000Z',
    tracks: [],
    permissions: defaultPermissions,
    mutedRemotely: [],
  },
  room: {
    name: 'hello',
    expiresAt: null,
    recording: false,
    transcription: false,
    chat: true,
    ownerOnlyBroadcast: false,
  },
  participants: [],
  activeSpeaker: null,
  recordings: [],
  transcriptions: [],
  waiting: [],
};
const speaker: ServerMessage = { type: 'active-speaker', id: null };
const resumed = (received = 0): ServerMessage => ({ type: 'resumed', secret: createSecret(), received });

let clock: VirtualClock;
let signalling: Signalling;
let news: string[];

beforeEach(async () => {
  clock = new VirtualClock();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  FakeRoomSocket.all = [];
  news = [];
  FakeRoomSocket.serve = (socket) => socket.says(welcome);
  const { signal } = new AbortController();
  const introduction = () => ({ userName: 'Ada', tracks: [] });
  ({ signalling } = await Signalling.join({ url: new URL('http://rooms.test/hello'), clock, signal, introduction }));
  signalling.start({
    message: ({ type }) => news.push(type),
    state: (state) => news.push(state),
    rejoined: () => news.push('rejoined'),
    forgot: () => news.push('forgot'),
    lost: ({ code, cause }) => news.push(`${code} by ${cause instanceof SluiceError ? cause.code : cause}`),
  });
  FakeRoomSocket.serve = () => {};
});
afterEach(() => {
  signalling.leave();
  vi.restoreAllMocks();
});

const last = () => FakeRoomSocket.all.at(-1)!;

test('who gives up joining says so, as the server may have let them in already', async () => {
  const controller = new AbortController();
  const joining = Signalling.join({
    url: new URL('http://rooms.test/hello'),
    clock,
    signal: controller.signal,
    introduction: () => ({ userName: 'Ada', tracks: [] }),
  });
  await clock.settle();
  controller.abort(new Error('no more'));
  await expect(joining).rejects.toThrow('no more');
  expect(last().said.map(({ type }) => type)).toEqual(['join', 'leave']);
  expect(last().closed).toBe(true);
});
const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - times[index]!);

test.each([
  [0.01, [2, 10, 20, 20]],
  [0.999_999, [200, 1_000, 2_000, 2_000]],
])('a lost socket is replaced within 200 ms, then 1 s, then 2 s, drawn as %d of them', async (drawn, expected) => {
  vi.mocked(Math.random).mockReturnValue(drawn);
  FakeRoomSocket.serve = (socket) => socket.breaks();
  last().breaks();
  await clock.advance(6_000);
  const waits = gaps([0, ...FakeRoomSocket.all.slice(1).map(({ at }) => at)]);
  expect(waits.slice(0, 4).map(Math.round)).toEqual(expected);
});

test('a server that knows no session is asked more and more seldom, and given up after a minute', async () => {
  FakeRoomSocket.serve = (socket) => socket.refuses('unknown-session');
  last().breaks();
  await clock.advance(10 * 60_000);
  const asked = FakeRoomSocket.all.slice(1);
  // Each time for the session, and at once to be let in again.
  expect(new Set(asked.map(({ said }, index) => `${index % 2} ${said[0]!.type}`))).toEqual(
    new Set(['0 resume', '1 join']),
  );
  const waits = gaps([0, ...asked.filter((_, index) => index % 2 === 0).map(({ at }) => at)]);
  expect(waits.slice(0, 4)).toEqual([100, 500, 1_000, 1_000]);
  expect(Math.min(...waits.slice(2))).toBe(1_000);
  expect(last().at).toBeGreaterThan(58_000);
  expect(last().at).toBeLessThan(62_000);
  expect(news).toEqual(['interrupted', 'SLUICE_ROOM_LOST by SLUICE_JOIN_REFUSED']);
  expect(FakeRoomSocket.all.every(({ closed }) => closed)).toBe(true);
  expect(clock.timers).toBe(0);
});

test('who says too much resumes the session, and each time later', async () => {
  FakeRoomSocket.serve = (socket) => {
    socket.says(resumed());
    socket.refuses('rate');
  };
  last().refuses('rate');
  await clock.advance(60_000);
  const asked = FakeRoomSocket.all.slice(1);
  expect(asked.every(({ said }) => said[0]!.type === 'resume')).toBe(true);
  expect(gaps([0, ...asked.map(({ at }) => at)])).toEqual([1_000, 2_000, 5_000, 10_000, 20_000, 20_000]);
  expect(news.filter((one) => one === 'connected')).toHaveLength(6);
});

test('too much and lost sockets in turn come back no sooner, and a minute of peace forgets it', async () => {
  FakeRoomSocket.serve = (socket) => socket.says(resumed());
  const waited = async (end: () => void) => {
    const [from, sockets] = [clock.now(), FakeRoomSocket.all.length];
    end();
    await clock.advance(20_000);
    expect(FakeRoomSocket.all).toHaveLength(sockets + 1);
    return last().at - from;
  };
  expect(await waited(() => last().refuses('rate'))).toBe(1_000);
  expect(await waited(() => last().breaks())).toBe(100);
  expect(await waited(() => last().refuses('rate'))).toBe(2_000);
  await clock.advance(60_000);
  expect(await waited(() => last().refuses('rate'))).toBe(1_000);
});

test('a resumption that is refused for its rate is tried again, later each time', async () => {
  FakeRoomSocket.serve = (socket) => socket.refuses('rate');
  last().breaks();
  await clock.advance(8_100);
  expect(gaps([0, ...FakeRoomSocket.all.slice(1).map(({ at }) => at)])).toEqual([100, 1_000, 2_000, 5_000]);
});

test('a resumption whose answer was lost is asked for again, and nothing is said or heard twice', async () => {
  last().says(speaker);
  signalling.send({ type: 'alive', ids: [] });
  last().breaks();
  signalling.send({ type: 'update', userName: 'Ada 2' });
  await clock.advance(100);
  const ask = { type: 'resume', protocol: PROTOCOL, id, secret, received: 1 };
  expect(last().said).toEqual([ask]);
  // The server took it up, and its answer went nowhere.
  last().breaks();
  await clock.advance(500);
  expect(FakeRoomSocket.all).toHaveLength(3);
  expect(last().said).toEqual([ask]);
  last().says(resumed(1));
  last().says(speaker);
  expect(last().said.slice(1)).toEqual([{ type: 'update', userName: 'Ada 2' }]);
  expect(news).toEqual(['active-speaker', 'interrupted', 'connected', 'active-speaker']);
});

test('a resumption that nobody answers is given up after 3 s, and what its socket says later is not heard', async () => {
  last().breaks();
  await clock.advance(100);
  const silent = last();
  await clock.advance(3_500);
  expect(silent.closed).toBe(true);
  expect(FakeRoomSocket.all).toHaveLength(3);
  last().says(resumed());
  expect(news).toEqual(['interrupted', 'connected']);
});

test('a server that tells everything anew is told everything anew', async () => {
  last().breaks();
  signalling.send({ type: 'update', userName: 'Ada 2' });
  await clock.advance(100);
  last().says(welcome);
  expect(last().said.slice(1)).toEqual([{ type: 'update', userName: 'Ada', tracks: [] }]);
  expect(news).toEqual(['interrupted', 'rejoined', 'connected']);
  // Both sides count from here.
  last().breaks();
  await clock.advance(100);
  last().says(resumed(1));
  expect(last().said).toMatchObject([{ type: 'resume', received: 0 }]);
});

test('what is only true now is not said later, and pushes out nothing', async () => {
  last().breaks();
  signalling.send({ type: 'update', userName: 'Ada 2' });
  for (let n = 0; n < 1_000; n++) signalling.send({ type: 'levels', levels: [] });
  await clock.advance(100);
  last().says(resumed());
  expect(last().said.slice(1)).toEqual([{ type: 'update', userName: 'Ada 2' }]);
});

test('who said more in a cut than is kept says what holds now, and goes on', async () => {
  last().breaks();
  for (let n = 0; n < 300; n++) signalling.send({ type: 'update', userName: `Ada ${n}` });
  await clock.advance(100);
  last().says(resumed(7));
  expect(last().said.slice(1)).toEqual([{ type: 'update', userName: 'Ada', tracks: [] }]);
  expect(news).toEqual(['interrupted', 'forgot', 'connected']);
  // The server has those seven and this one; the next is not.
  last().breaks();
  signalling.send({ type: 'update', userName: 'Ada again' });
  await clock.advance(100);
  last().says(resumed(8));
  expect(last().said.slice(1)).toEqual([{ type: 'update', userName: 'Ada again' }]);
});
