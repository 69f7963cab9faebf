import { expect, test } from 'vitest';
import { admissionTimeout, joinTimeout } from '../call/call-client-options.ts';
import type { RoomDriver, RoomJoin } from './driver.ts';
import { registerRoomDriver, roomDriverFor, roomDrivers } from './driver-registry.ts';
import { embeddedRoomDriver } from './embedded/embedded-driver.ts';
import { janusRoomDriver } from './janus/janus-driver.ts';

const driver = (scheme: string): RoomDriver => ({
  name: 'other',
  capabilities: [],
  schemes: [scheme],
  join: () => Promise.reject(),
});

test('the scheme chooses the driver; http and https are the embedded room, janus+ws and janus+wss those of Janus', () => {
  const other = driver('other+ws:');
  const cancel = registerRoomDriver(other);
  expect(roomDrivers()).toEqual([embeddedRoomDriver, janusRoomDriver, other]);
  expect(roomDriverFor('other+ws://host:8188/room').driver).toBe(other);
  expect(roomDriverFor('janus+ws://host:8188/room').driver).toBe(janusRoomDriver);
  expect(roomDriverFor('janus+wss://host/room').driver).toBe(janusRoomDriver);
  expect(roomDriverFor('http://127.0.0.1:7880/room').driver).toBe(embeddedRoomDriver);
  cancel();
  expect(roomDrivers()).toEqual([embeddedRoomDriver, janusRoomDriver]);
  expect(() => roomDriverFor('other+ws://host:8188/room')).toThrow(
    expect.objectContaining({ code: 'SLUICE_ROOM_URL' }),
  );
});

test('two drivers with one scheme are refused, and nothing is changed', () => {
  expect(() => registerRoomDriver(driver('http:'))).toThrow(expect.objectContaining({ code: 'SLUICE_ROOM_DRIVER' }));
  expect(roomDriverFor('http://host/room').driver).toBe(embeddedRoomDriver);
});

test.each(['', 'room', 'ftp://host/room', 'http://'])('%j is no meeting URL', (url) => {
  expect(() => roomDriverFor(url)).toThrow(expect.objectContaining({ code: 'SLUICE_ROOM_URL' }));
});

test.each(['janus+sw://ada:hush@host/room?secret=hush#hush', 'no address?pin=hush', 'https://daily.co?t=hush'])(
  'the secrets of %j are in no message',
  async (url) => {
    const tried = async () => roomDriverFor(url).driver.join({ url: new URL(url) } as RoomJoin);
    const error = await tried().catch((error: unknown) => error);
    const told = [error, joinTimeout(url, 1), admissionTimeout(url, 1)].map(String);
    expect(told.join()).not.toContain('hush');
    expect(told).toEqual(told.map(() => expect.stringContaining(`received "${url.split(/ada:hush@|[?]/)[0]}`)));
  },
);

test('a scheme without its colon is refused', () => {
  expect(() => registerRoomDriver(driver('janus'))).toThrow(
    expect.objectContaining({ code: 'SLUICE_INVALID_ARGUMENT' }),
  );
});
