import type { FaultRow } from '../fault-row.ts';
import { breakRows } from './breaks.ts';
import { cutRows } from './cuts.ts';
import { joinRows } from './joins.ts';
import { narrowRows } from './narrow.ts';
import { packetRows } from './packets.ts';

const faults = 'packages/transport/test/room-faults.test.ts';
const cuts = 'packages/transport/test/room-cuts-heard.test.ts';
const relays = 'packages/transport/test/relay.test.ts';
const requests = 'packages/service/test/request-service.test.ts';

const others: readonly FaultRow[] = [
  {
    id: 'N9',
    fault: 'The signalling is cut for 1 and for 12 s while media goes on',
    happens: 'Nothing is heard of it; everybody is there under the same ids, and each change is told once',
    bound: 'back 2.5 s after the end',
    heldBy: [
      { file: cuts, test: 'a signalling cut of 12 s is not heard, and nobody left when it is over' },
      { file: faults, test: 'what changed during a signalling cut is there after it' },
      { file: 'packages/transport/src/room/server/room.test.ts', test: 'comes back and gets what it missed' },
    ],
  },
  {
    id: 'N10',
    fault: 'A connection is half open: nothing comes, and nobody said so',
    happens: 'Both sides notice, and the client has another',
    bound: '8 s',
    heldBy: [
      { file: faults, test: 'a half-open connection is noticed and replaced' },
      {
        file: 'packages/transport/src/room/server/room-socket.integration.test.ts',
        test: 'a socket that answers no pings is dead after three',
      },
    ],
  },
  {
    id: 'N13',
    fault: 'UDP does not pass',
    happens:
      'Media goes over a relay by TCP. Without one the call stays joined, by decision, and `network-connection` says that no media comes',
    bound: 'told after 4 s',
    heldBy: [
      { file: relays, test: 'two clients hear each other by relays alone' },
      { file: relays, test: 'delays nobody: media is there before it is given up, and that is told' },
      {
        file: 'packages/protocol/src/links/media-watch.test.ts',
        test: 'does not come up is helped after 4 s',
      },
    ],
  },
  {
    id: 'N15',
    fault: 'The machine has another address: another network',
    happens:
      'Once a second is looked whether the address is still there to which the socket is bound. If not, another socket takes its place, and a restart of ICE finds the new way for media, in the same call under the same id',
    bound: 'a gap of 2.5 s',
    heldBy: [
      {
        file: 'packages/transport/test/moved-address.test.ts',
        test: 'goes on with its call under its new address, and nobody is told that it left',
      },
      {
        file: 'packages/transport/src/room/embedded/address-watch.test.ts',
        test: 'is lost within a second of its going, which is told once',
      },
    ],
  },
  {
    id: 'N18',
    fault: 'Two clocks differ by 200 ppm for an hour',
    happens: 'A recording stays with the clock; what is too much or missing is spread',
    bound: '20 ms',
    heldBy: {
      file: 'packages/recorder/src/timeline/track-line.test.ts',
      test: 'stays within 20 ms of the clock for an hour',
    },
  },
  {
    id: 'N20',
    fault: 'A service moves away, is busy (429), fails (5xx), or answers with something else',
    happens: 'It is asked again a few times, as late as it says; then the error names the last cause',
    bound: '3 attempts, 1 s of waiting',
    heldBy: [
      { file: requests, test: 'tries again, as often as it may, while nothing was given on' },
      { file: requests, test: 'waits as long as it is asked to, if that is short' },
      { file: requests, test: 'gives up at once where trying again cannot help' },
      {
        file: 'packages/transport/src/room/embedded/signalling.test.ts',
        test: 'is asked more and more seldom, and given up after a minute',
      },
    ],
  },
];

/** Rows N1 to N20. */
export const networkRows: readonly FaultRow[] = [
  ...packetRows,
  ...breakRows,
  ...narrowRows,
  ...cutRows,
  ...joinRows,
  ...others,
].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
