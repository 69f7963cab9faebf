import { once } from 'node:events';
import { realClock, sleep } from '@sluice/core';
import { Daily, type RoomServer, startRoomServer } from '@sluice/transport';
import { TcpRelay } from '@sluice/transport/testing';
import { WebSocket, WebSocketServer } from 'ws';
import { percentile } from '../measuring/percentile.ts';
import type { Bench, Report } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';
import { type CutLine, callCutLine, rawCutLine } from './cut-line.ts';
import { Listeners } from './listeners.ts';

const raw = 'raw @roamhq/wrtc';
const bare = 'a WebSocket that connects again at once';
/** Longest wait for sound after a link is back, in milliseconds: what did not come by then counts as this. */
const GIVE_UP_MS = 30_000;
/** How long the server is away. */
const AWAY_MS = 500;

/** How soon a call is whole again after its link, its socket or its server was away. */
export const recovery: Bench = {
  name: 'recovery',
  async run(report, { quick }) {
    Daily.init();
    const server = await startRoomServer();
    try {
      await linkCuts(report, server, quick ? [[1, 3]] : [range(1, 10), range(11, 20)]);
      await socketLoss(report, server, quick ? 5 : 20);
      await serverKill(report, quick ? 5 : 20);
    } finally {
      await Daily.deinit();
      await server.close();
    }
  },
};

/** Links of many calls are cut at once, each for a time of its own. */
async function linkCuts(report: Report, server: RoomServer, groups: readonly (readonly number[])[]): Promise<void> {
  for (const seconds of groups) {
    const title = `sound back after a cut of ${seconds[0]} to ${seconds.at(-1)} s`;
    const ours = await cutAll(seconds, (index) => callCutLine(server.roomUrl(`cut-${seconds[index]}`)));
    const theirs = await cutAll(seconds, () => rawCutLine());
    for (const [name, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const)
      report(
        `${title}, ${name}`,
        percentileInTenths(ours, share),
        'ms',
        { name: raw, value: percentile(theirs, share) },
        'lower',
      );
  }
}

async function cutAll(seconds: readonly number[], open: (index: number) => Promise<CutLine>): Promise<number[]> {
  const lines: CutLine[] = [];
  for (let index = 0; index < seconds.length; index++) lines.push(await open(index));
  try {
    await sleep(realClock, 2_000);
    return await Promise.all(
      lines.map(async (line, index) => {
        await line.path.cut(seconds[index]! * 1_000);
        return line.soundAfter(performance.now(), GIVE_UP_MS);
      }),
    );
  } finally {
    for (const line of lines) await line.close();
  }
}

async function socketLoss(report: Report, server: RoomServer, times: number): Promise<void> {
  await using relay = await TcpRelay.open({ port: server.port });
  await using listeners = await Listeners.join(server.roomUrl('loss'), `http://127.0.0.1:${relay.port}/loss`, 1);
  const ours: number[] = [];
  for (let count = 0; count < times; count++) {
    const back = listeners.connected();
    const start = performance.now();
    relay.reset();
    ours.push(...(await back).map((at) => at - start));
  }
  const peer = { name: bare, value: percentile(await bareReconnects(times), 0.95) };
  report(`signalling back after a reset, p95 of ${times}`, percentileInTenths(ours, 0.95), 'ms', peer, 'lower');
  report('sound lost meanwhile', listeners.lostMs, 'ms', undefined, 'lower');
}

async function serverKill(report: Report, clients: number): Promise<void> {
  const first = await startRoomServer();
  const { port } = first;
  const url = first.roomUrl('kill');
  await using listeners = await Listeners.join(url, url, clients);
  const back = listeners.connected();
  await first.close();
  await sleep(realClock, AWAY_MS);
  const second = await startRoomServer({ port });
  const start = performance.now();
  const times = (await back).map((at) => at - start);
  report(`all ${clients} back after the server was, slowest`, percentile(times, 1), 'ms', undefined, 'lower');
  report('sound lost meanwhile, of all', listeners.lostMs, 'ms', undefined, 'lower');
  await second.close();
}

async function bareReconnects(times: number): Promise<number[]> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await using relay = await TcpRelay.open({ port });
  const open = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${relay.port}`);
    socket.on('error', () => {});
    await once(socket, 'open');
    return socket;
  };
  const all: number[] = [];
  let socket = await open();
  for (let count = 0; count < times; count++) {
    const closed = once(socket, 'close');
    const start = performance.now();
    relay.reset();
    await closed;
    socket = await open();
    all.push(performance.now() - start);
  }
  socket.terminate();
  server.close();
  return all;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
