import { setTimeout as wait } from 'node:timers/promises';
import { realClock } from '@sluice/core';
import { CallClient } from '@sluice/transport';
import { TcpRelay } from '@sluice/transport/testing';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';
import { withServer } from './with-server.ts';

/** Many clients, and how they come back. */
export const joinRows: readonly FaultRow[] = [
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
