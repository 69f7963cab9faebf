import { once } from 'node:events';
import { startRoomServer } from '@sluice/transport';
import { WebSocketServer } from 'ws';
import { ChildProgram } from '../measuring/child-program.ts';
import { percentile } from '../measuring/percentile.ts';
import type { Bench } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';

const bare = 'a WebSocket server that passes on what it gets';

/** An app message to another participant and back, each side in a process of its own, through the server of this one. */
export const signalling: Bench = {
  name: 'signalling',
  async run(report, { quick }) {
    const times = quick ? 20 : 100;
    const ours = await callTimes(times);
    const theirs = await bareTimes(times);
    for (const [name, share] of [
      ['p50', 0.5],
      ['p99', 0.99],
    ] as const) {
      const peer = { name: bare, value: percentile(theirs, share) };
      report(`message there and back, ${name} of ${times}`, percentileInTenths(ours, share), 'ms', peer, 'lower');
    }
  },
};

async function callTimes(times: number): Promise<number[]> {
  const server = await startRoomServer();
  try {
    return await between('message-times', server.roomUrl('messages'), times);
  } finally {
    await server.close();
  }
}

async function bareTimes(times: number): Promise<number[]> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      for (const other of server.clients) if (other !== socket) other.send(String(data));
    });
  });
  await once(server, 'listening');
  const address = server.address();
  try {
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return await between('raw-message-times', `ws://127.0.0.1:${port}`, times);
  } finally {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
}

async function between(program: string, url: string, times: number): Promise<number[]> {
  await using echo = new ChildProgram(program);
  await using ping = new ChildProgram(program);
  await echo.call('echo', url);
  return await ping.call<number[]>('ping', url, times);
}
