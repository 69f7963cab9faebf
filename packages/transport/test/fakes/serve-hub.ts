import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realClock } from '@sluice/core';
import { roomOfPath } from '@sluice/protocol';
import { WebSocketServer } from 'ws';
import { AddressBudgets } from '../../src/room/server/budgets/address-budgets.ts';
import { RoomHub } from '../../src/room/server/room-hub.ts';
import type { RoomProperties } from '../../src/room/server/room-properties.ts';
import { RoomSocket } from '../../src/room/server/room-socket.ts';

/** Rooms with properties of their own, on a port of loopback, a free one unless told; `owner` is the token of owners. */
export async function serveHub(rooms: Readonly<Record<string, RoomProperties>>, wanted = 0) {
  const hub = new RoomHub({
    clock: realClock,
    loopback: true,
    maxParticipants: 64,
    maxRooms: 100,
    tokens: (token) => ({ isOwner: token === 'owner' }),
    directory: { find: (name) => rooms[name] },
  });
  const budgets = new AddressBudgets(realClock, 1_024);
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (ws, request) => {
    const room = roomOfPath(request.url ?? '') ?? '';
    new RoomSocket(ws, {
      clock: realClock,
      joinDeadlineMs: 5_000,
      address: budgets.of('127.0.0.1'),
      room,
      connect: (member, joined) => hub.connect(room, member, joined),
    });
  });
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    roomUrl: (name: string) => `http://127.0.0.1:${port}/${name}`,
    async close() {
      await hub.close();
      for (const ws of sockets.clients) ws.terminate();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
