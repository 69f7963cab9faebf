// A voice agent at the telephone: a server that a gateway in the form of Twilio's Media Streams connects to. --simulate: a
// caller of its own rings it up.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { type WebSocket, WebSocketServer } from 'ws';
import { say } from '../room.ts';
import { answerCall } from './answer-call.ts';
import { Caller } from './caller.ts';

const { values } = parseArgs({ options: { simulate: { type: 'boolean' }, port: { type: 'string' } } });
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(values.port ?? 0), maxPayload: 65_536 });
await once(server, 'listening');
const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
server.on('connection', (socket: WebSocket) => {
  answerCall(socket).then(
    ({ playedMs, droppedMs }) => say(`over: ${Math.round(playedMs)} ms heard, ${Math.round(droppedMs)} ms cut`),
    (error: Error) => say(`failed: ${error.message}`),
  );
});
say(`the agent answers at ${url}`);
if (values.simulate === true) {
  const caller = await Caller.dial(url);
  await caller.hearsMore(0.5);
  await caller.says('who are you');
  await caller.hearsMore(3);
  await caller.says('stop');
  await caller.hearsMore(0.3);
  await caller.hangUp();
  say(`the caller heard ${Math.round(caller.playedMs)} ms`);
} else {
  process.once('SIGTERM', () => process.emit('SIGINT'));
  await once(process, 'SIGINT');
}
for (const socket of server.clients) socket.close(1001);
server.close();
