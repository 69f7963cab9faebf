import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FaultRow } from '../fault-row.ts';
import { Caller, machineMs, untilHeard, withTwoCallers } from './caller.ts';

const roomCuts = 'packages/transport/test/room-cuts-heard.test.ts';

/** Those who are in a room, and its server. */
export const roomRows: readonly FaultRow[] = [
  {
    id: 'P1',
    fault: '`kill -9` of a participant, its engine with it',
    happens:
      'The others are told `participant-left`, 5 s after it was last heard of, as for a socket that was lost. That is by decision: the kernel closes the sockets of a killed program at once, but a proxy, a NAT or a restarted server closes those of one that lives just so, which comes back unnoticed, within 2 s where forty do at once (N19). Told within 200 ms everybody would leave and join anew at each of these. Its place can be taken at once, and who comes is heard',
    bound: '6 s',
    realTime: true,
    check: (measured) =>
      withTwoCallers(async ({ url, speaker, speakerId, hearer }) => {
        const killed = machineMs();
        speaker[Symbol.dispose]();
        let left: number | undefined;
        while (left === undefined && machineMs() < killed + 10_000) {
          left = (await hearer.events()).find(({ what }) => what === `left ${speakerId}`)?.at;
          await wait(20);
        }
        measured('told', left! - killed, 'ms');
        expect(left! - killed).toBeLessThan(6_000);
        using next = new Caller();
        await hearer.listen(await next.join(url, true));
        await untilHeard(hearer, killed);
      }),
  },
  {
    id: 'P2',
    fault: 'The room server ends and is started anew after 1.5 s',
    happens:
      'Media goes on; everybody is back under the same id, without a state file, and nobody is told that anybody left',
    bound: '0 gaps over 200 ms; back 3 s after it listens',
    heldBy: { file: roomCuts, test: 'a restart of the server is not heard: everybody is back under the same ids' },
  },
  {
    id: 'P18',
    fault: 'A listener, completion or renderer of the user throws',
    happens:
      'It is told as `error` with `SLUICE_CALL_HANDLER`, or as a warning of the process; the others are called all the same, and the call goes on',
    bound: 'at once',
    heldBy: [
      {
        file: 'packages/transport/src/call/throwing-callbacks.test.ts',
        test: 'what a callback of a client throws is told, and the call goes on',
      },
      {
        file: 'packages/transport/src/call/throwing-callbacks.test.ts',
        test: 'what a completion of a device throws is a warning, and the device goes on',
      },
      {
        file: 'packages/transport/test/call-client.test.ts',
        test: 'a handler that throws is told and disturbs nobody',
      },
      {
        file: 'packages/transport/src/call/receive/video-renderers.test.ts',
        test: 'one that throws is told, and does not disturb the others',
      },
      {
        file: 'packages/transport/src/call/operations.test.ts',
        test: 'a completion is called once, later, with data or error; what it throws is reported',
      },
    ],
  },
  {
    id: 'P22',
    fault: 'A client of another version of the protocol',
    happens: 'It is refused with a message that names both versions',
    bound: 'at once',
    heldBy: {
      file: 'packages/protocol/src/messages.test.ts',
      test: 'another version is refused with a message that names both',
    },
  },
];
