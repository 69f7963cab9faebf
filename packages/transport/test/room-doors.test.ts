import { createSecret } from '@sluice/protocol';
import {
  type MeetingTokens,
  meetingTokens,
  type RoomServer,
  type RoomServerOptions,
  startRoomServer,
} from '@sluice/transport';
import { afterEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { joinBare } from './bare-client.ts';
import { until } from './until.ts';

const secret = createSecret();
const key = createSecret();
const servers: RoomServer[] = [];
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const server of servers.splice(0)) await server.close();
});

async function start(options: RoomServerOptions = {}) {
  const tokens: MeetingTokens = meetingTokens({ secrets: [secret], audience: 'here', guests: true });
  const server = await startRoomServer({ tokens, apiKeys: [key], ...options });
  servers.push(server);
  const rest = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(`${server.url}/v1${path}`, init);
    return { status: response.status, body: (await response.json()) as { token: string; total: number } };
  };
  const join = async (room: string, token?: string) => {
    const client = await joinBare(server.roomUrl(room), token);
    sockets.push(client.ws);
    return client;
  };
  return { server, rest, join, tokens };
}

test('a backend makes a room and a token, somebody enters with it, is seen, and the room is ended', async () => {
  const { rest, join } = await start();
  await rest('POST', '/rooms', { name: 'standup', properties: { private: true } });
  const { body: minted } = await rest('POST', '/meeting-tokens', {
    room: 'standup',
    owner: true,
    name: 'Ada',
    userId: 'u1',
  });
  expect((await join('standup')).answer).toMatchObject({ type: 'refused', code: 'token-required' });
  const ada = await join('standup', minted.token);
  expect(ada.answer).toMatchObject({ you: { userName: 'Ada', userId: 'u1', isOwner: true } });
  const { body: presence } = await rest('GET', '/rooms/standup/presence');
  expect(presence).toMatchObject({ total: 1, participants: [{ userName: 'Ada', userId: 'u1' }] });
  expect((await rest('DELETE', '/rooms/standup')).status).toBe(200);
  expect(await ada.next('refused')).toMatchObject({ code: 'removed' });
  await ada.closed;
  expect((await join('standup', minted.token)).answer).toMatchObject({ code: 'room-unknown' });
  expect((await rest('GET', '/rooms/standup/presence')).status).toBe(404);
});

test('every refusal at the door, and the others notice nothing', async () => {
  const { join, tokens, rest } = await start({
    rooms: {
      board: { private: true },
      small: { maxParticipants: 1 },
      past: { expiresAt: '2001-01-01T00:00:00Z' },
      future: { opensAt: '2999-01-01T00:00:00Z' },
    },
    roomCreation: 'listed',
  });
  const { token } = await tokens.mint({ room: 'board' });
  const everywhere = (await tokens.mint({ anyRoom: true })).token;
  const board = await join('board', token);
  const small = await join('small');
  expect([board.answer.type, small.answer.type]).toEqual(['welcome', 'welcome']);
  const late = meetingTokens({ secrets: [secret], audience: 'here', now: () => Date.now() - 7_200_000 });
  const refused = async (room: string, token?: string) => (await join(room, token)).answer.code;
  expect(await refused('board')).toBe('token-required');
  expect(await refused('board', key)).toBe('token-invalid');
  expect(await refused('board', createSecret())).toBe('token-invalid');
  expect(await refused('board', (await late.mint({ room: 'board' })).token)).toBe('token-expired');
  expect(await refused('small', token)).toBe('token-invalid');
  expect(await refused('small')).toBe('room-full');
  expect(await refused('past', everywhere)).toBe('room-expired');
  expect(await refused('future', everywhere)).toBe('room-not-open');
  expect(await refused('lobby', everywhere)).toBe('room-unknown');
  expect((await rest('GET', '/rooms/board/presence')).body.total).toBe(1);
  expect(board.messages).toHaveLength(1);
  expect(small.messages).toHaveLength(1);
});

test('a secret for one thing is none for another', async () => {
  const { server, tokens, join } = await start();
  const { token } = await tokens.mint({ anyRoom: true, owner: true });
  const resume = (await join('lobby', token)).answer.secret as string;
  const doors = {
    rest: async (word: string) =>
      (await fetch(`${server.url}/v1/rooms`, { headers: { authorization: `Bearer ${word}` } })).status === 200,
    meeting: async (word: string) => (await join('lobby', word)).answer.type === 'welcome',
    resume: async (word: string) => {
      const { answer: welcome, ws } = await join('lobby');
      ws.terminate();
      const { bareClient } = await import('./bare-client.ts');
      const client = bareClient(server.roomUrl('lobby'));
      sockets.push(client.ws);
      await client.status;
      const { protocol, id, secret: own } = welcome;
      client.say({ type: 'resume', protocol, id, secret: word === resume ? own : word, received: 0 });
      return (await client.next('resumed')).type === 'resumed';
    },
  };
  const opened: Record<string, string[]> = {};
  for (const [name, word] of Object.entries({ rest: key, meeting: token, resume })) {
    opened[name] = [];
    for (const [door, tried] of Object.entries(doors)) if (await tried(word)) opened[name].push(door);
  }
  expect(opened).toEqual({ rest: ['rest'], meeting: ['meeting'], resume: ['resume'] });
});

test('a room that is made private while somebody is in it closes behind them', async () => {
  const { rest, join } = await start({ rooms: { open: {} } });
  const guest = await join('open');
  await rest('PATCH', '/rooms/open', { properties: { private: true } });
  expect((await join('open')).answer).toMatchObject({ code: 'token-required' });
  expect((await rest('GET', '/rooms/open/presence')).body.total).toBe(1);
  guest.say({ type: 'leave' });
  await guest.closed;
  await until(async () => (await rest('GET', '/rooms/open/presence')).body.total === 0);
});

test('a private room without a rule for tokens is a mistake that is told at once', async () => {
  await expect(startRoomServer({ rooms: { board: { private: true } } })).rejects.toThrow(
    /nobody enters the private room board/,
  );
});
