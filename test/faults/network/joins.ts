import { setTimeout as wait } from 'node:timers/promises';
import { realClock } from '@sluice/core';
import { CallClient } from '@sluice/transport';
import { TcpRelay } from '@sluice/transport/testing';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';
import { withServer } from './with-server.ts';

const CLIENTS = 100;

/** Many clients, and how they come back. */
export const joinRows: readonly FaultRow[] = [
  {
    id: 'N19',
    fault: '100 clients lose the server at once, for a second',
    happens:
      'All come back by themselves, scattered over two seconds. Longer waits would scatter them more and let one that was cut alone wait as long',
    bound: 'all within 5 s; of 100 ms none sees more than 25 % of them',
    long: true,
    realTime: true,
    check: (measured) =>
      withServer(async (server) => {
        const relay = await TcpRelay.open({ port: server.port });
        const clients = Array.from({ length: CLIENTS }, () => new CallClient());
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
        const most = Math.max(...back.map((from) => back.filter((at) => at >= from && at < from + 100).length));
        measured('back', back.length, `of ${CLIENTS}`);
        measured('the last', Math.max(...back) - whole, 'ms');
        measured('at most', (100 * most) / CLIENTS, '% in 100 ms');
        expect(back).toHaveLength(CLIENTS);
        expect(most).toBeLessThanOrEqual(CLIENTS / 4);
        expect(Math.max(...back) - whole).toBeLessThan(5_000);
        await Promise.all(clients.map((client) => client.release()));
        await relay.close();
      }),
  },
];
