import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SluiceError } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { until } from '../../../test/until.ts';
import { RoomSocketClient } from './room-socket-client.ts';

const urlOf = (address: ReturnType<WebSocketServer['address']>) =>
  new URL(`http://127.0.0.1:${(address as AddressInfo).port}/hello`);

test.each([429, 503])('a server that answers %d is busy, and not at a wrong address', async (status) => {
  const server = createServer().on('upgrade', (_, socket) => {
    socket.end(`HTTP/1.1 ${status} Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fault = await new Promise<SluiceError | undefined>((closed) => {
    new RoomSocketClient(urlOf(server.address()), new VirtualClock(), { message: () => {}, closed });
  });
  expect(fault).toMatchObject({
    code: 'SLUICE_JOIN_REFUSED',
    message: expect.stringMatching(/connections.*wait a moment/s),
  });
  server.close();
});

test('a server that says more than any room is read later, and nothing of it is lost', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const clock = new VirtualClock();
  let taken = 0;
  const client = new RoomSocketClient(urlOf(server.address()), clock, { message: () => taken++, closed: () => {} });
  server.on('connection', (ws) => {
    for (let n = 0; n < 20_000; n++) ws.send('{"type":"active-speaker","id":null}');
  });
  // What may be said at once, and what came in the same piece.
  await until(() => taken >= 5_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBeLessThan(10_000);
  await until(async () => {
    await clock.advance(1_000);
    return taken === 20_000;
  });
  client.close();
  server.close();
});
