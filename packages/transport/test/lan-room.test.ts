import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isRoutableAddress } from '../src/address-ranges.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { hears, kindsOf, ToneSides } from './peers/tone-sides.ts';

/** Of this machine, as others reach it. */
const host = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal, address }) => family === 'IPv4' && !internal && isRoutableAddress(address))?.address;

/** Where a machine has loopback only it is skipped and says so. */
const withNetwork = host === undefined ? describe.skip : describe;

withNetwork(`a room on the network${host === undefined ? ' (this machine has loopback only)' : ''}`, () => {
  let server: RoomServer;
  let sides: ToneSides;
  beforeEach(async () => {
    server = await startRoomServer({ host: host!, insecure: true });
    sides = new ToneSides();
  });
  afterEach(async () => {
    await sides.close();
    await server.close();
  });

  test('two clients hear each other, and no address of loopback is told to anybody', async () => {
    const { ada, grace } = await sides.meet(server.roomUrl('hello'), null);
    await hears(ada, 1_000);
    await hears(grace, 440);
    const addresses = [...ada.candidates, ...grace.candidates].map((line) => line.split(' ')[4]!);
    expect(addresses).toContain(host);
    expect(addresses.filter((address) => !isRoutableAddress(address))).toEqual([]);
    expect(kindsOf(ada, grace)).toEqual(new Set(['host']));
    expect(ada.told).toEqual(['heard']);
  });
});
