import { setTimeout as wait } from 'node:timers/promises';
import { isSluiceError, realClock } from '@sluice/core';
import { CallClient, Daily, type RoomServer, startRoomServer } from '@sluice/transport';
import { TcpRelay } from '@sluice/transport/testing';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';

/** Many clients, and how they come in and back. */
export const joinRows: readonly FaultRow[] = [
  {
    id: 'N11',
    fault: 'The signalling is cut for 2 s, or for good, while somebody joins',
    happens: 'The call is joined, or `join` fails with an error that says why',
    bound: '15 s',
    realTime: true,
    check: (measured) =>
      withServer(async (server) => {
        const outcomes = await Promise.all(
          Array.from({ length: 10 }, async (_, index) => {
            const relay = await TcpRelay.open({ port: server.port });
            await using client = new CallClient();
            const begun = realClock.now();
            const joining = client.join(`http://127.0.0.1:${relay.port}/join-${index}`).then(
              () => 'joined',
              (error: unknown) => (isSluiceError(error) ? error.code : String(error)),
            );
            await wait(index * 4);
            void relay.cut(index % 2 === 0 ? 2_000 : undefined);
            const outcome = await joining;
            const ms = realClock.now() - begun;
            await client.leave();
            relay.restore();
            await relay.close();
            return { outcome, ms };
          }),
        );
        measured('joined', outcomes.filter(({ outcome }) => outcome === 'joined').length, 'of 10');
        measured('slowest', Math.max(...outcomes.map(({ ms }) => ms)), 'ms');
        for (const { outcome, ms } of outcomes) {
          expect(outcome).toMatch(/^(joined|SLUICE_[A-Z_]+)$/);
          expect(ms).toBeLessThan(15_000);
        }
      }),
  },
  {
    id: 'N19',
    fault: '40 clients lose the server at once, for a second',
    happens: 'All come back by themselves',
    bound: 'all within 5 s',
    long: true,
    realTime: true,
    check: (measured) =>
      withServer(async (server) => {
        const relay = await TcpRelay.open({ port: server.port });
        const clients = Array.from({ length: 40 }, () => new CallClient());
        const back: number[] = [];
        for (const [index, client] of clients.entries()) {
          await client.join(`http://127.0.0.1:${relay.port}/many-${index}`);
          client.on('network-connection', ({ kind, state }) => {
            if (kind === 'signalling' && state === 'connected') back.push(realClock.now());
          });
        }
        await relay.cut(1_000);
        const whole = realClock.now();
        while (back.length < clients.length && realClock.now() < whole + 10_000) await wait(20);
        measured('back', back.length, 'of 40');
        measured('the last', Math.max(...back) - whole, 'ms');
        expect(back).toHaveLength(40);
        expect(Math.max(...back) - whole).toBeLessThan(5_000);
        await Promise.all(clients.map((client) => client.release()));
        await relay.close();
      }),
  },
];

async function withServer(test: (server: RoomServer) => Promise<void>): Promise<void> {
  Daily.init();
  const server = await startRoomServer();
  try {
    await test(server);
  } finally {
    await Daily.deinit();
    await server.close();
  }
}
