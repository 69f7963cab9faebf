import { strict as assert } from 'node:assert';
import { RoomList } from '../../../packages/transport/src/room/server/directory/room-list.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';
import { jsonOf } from './json-of.ts';

const wallClock = () => Date.UTC(2030, 0, 1);

export const configTarget: FuzzTarget = {
  name: 'config',
  reads: 'files of rooms for the room server (`--rooms`)',
  seeds: () => [
    JSON.stringify({
      board: { private: true, maxParticipants: 4, expiresAt: '2030-01-31T12:00:00Z', ejectAtExpiry: true },
    }),
    JSON.stringify({ a: {}, b: { knocking: true, recording: false, startVideoOff: true } }),
    JSON.stringify({ c: { permissions: { canSend: ['microphone'], canReceive: { base: false }, hasPresence: true } } }),
  ],
  run: (input) => {
    const rooms = jsonOf(input);
    if (typeof rooms !== 'object' || rooms === null) return;
    const { rooms: read } = listOf(rooms).page('', 1_000)!;
    const printed = Object.fromEntries(read.map(({ name, properties }) => [name, { ...properties }]));
    const again = listOf(printed).page('', 1_000)!.rooms;
    assert.deepEqual(
      again.map(({ name, properties }) => [name, properties]),
      read.map(({ name, properties }) => [name, properties]),
    );
  },
};

function listOf(rooms: object): RoomList {
  return new RoomList({ rooms: rooms as never, most: 1_000, wallClock });
}
