import { type AddressInfo, connect } from 'node:net';
import { realClock } from '@sluice/core';
import { expect, test } from 'vitest';
import { until } from '../../../test/until.ts';
import { guardedServer } from './guarded-server.ts';
import { createRoomApp } from './room-app.ts';

test('an answer that nobody reads is not kept for ever', async () => {
  const app = { ...createRoomApp(), fetch: () => new Response('x'.repeat(50_000_000)) };
  const server = guardedServer({ app, tls: undefined, clock: realClock, perAddress: 4, total: 4, idleMs: 300 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const open = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  await until(async () => (await open()) === 1);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until(async () => (await open()) === 0);
  socket.destroy();
  await app.close();
  await new Promise((resolve) => server.close(resolve));
  expect(socket.destroyed).toBe(true);
});
