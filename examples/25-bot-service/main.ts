// A web service that starts one bot for each request: a room and tokens by REST, and a process for the bot.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { meetingTokens, startRoomServer } from '@sluice/transport';
import { say } from '../room.ts';

const HOUR_MS = 3_600_000;
const runner = fileURLToPath(new URL('../../scripts/run-ts.mjs', import.meta.url));
const program = fileURLToPath(new URL('bot.ts', import.meta.url));
const apiKey = randomBytes(32).toString('base64url');
const tokens = meetingTokens({ secrets: [randomBytes(32)], audience: 'bot-service' });
const server = await startRoomServer({ tokens, apiKeys: [apiKey], roomCreation: 'listed' });
/** Each with when it has ended and its room is gone. */
const bots = new Map<ChildProcess, Promise<void>>();

/** What a backend anywhere would do: the room server may run on another machine. */
async function api(method: 'POST' | 'DELETE', path: string, body?: object): Promise<Record<string, string>> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const response = await fetch(new URL(path, server.url), {
    method,
    headers,
    body: body ? JSON.stringify(body) : null,
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}

async function startBot(): Promise<{ readonly room: string; readonly token: string }> {
  // A call that nobody comes to ends as well.
  const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
  const { name } = await api('POST', '/v1/rooms', { properties: { private: true, expiresAt, ejectAtExpiry: true } });
  const mint = (who: string) => api('POST', '/v1/meeting-tokens', { room: name, name: who });
  const [forBot, forCaller] = await Promise.all([mint('echo bot'), mint('caller')]);
  const room = server.roomUrl(name!);
  const env = { ...process.env, SLUICE_TOKEN: forBot.token };
  const bot = spawn(process.execPath, [runner, program, room], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  bots.set(bot, removed(bot, name!));
  return { room, token: forCaller.token! };
}

async function removed(bot: ChildProcess, room: string): Promise<void> {
  await once(bot, 'exit');
  await api('DELETE', `/v1/rooms/${room}`).catch((error: Error) => say(error.message));
  bots.delete(bot);
}

const service = createServer((request, response) => {
  const answer = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  };
  if (request.method === 'POST' && request.url === '/calls')
    startBot().then(
      (call) => answer(201, call),
      (error: Error) => answer(500, { error: error.message }),
    );
  else if (request.method === 'GET' && request.url === '/calls') answer(200, { calls: bots.size });
  else answer(404, { error: 'POST /calls' });
});
service.listen(0, '127.0.0.1', () => {
  say(`curl -X POST http://127.0.0.1:${(service.address() as AddressInfo).port}/calls`);
});

const stop = async () => {
  service.close();
  service.closeIdleConnections();
  for (const bot of bots.keys()) bot.kill('SIGTERM');
  await Promise.all(bots.values());
  await server.close();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
