import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeSession, noDevices } from '../../test/fakes/fake-session.ts';
import { registerRoomDriver } from '../room/driver-registry.ts';
import { virtualMediaHost } from '../testing/virtual-media-host.ts';
import { CallClient } from './call-client.ts';
import type { NetworkConnection } from './call-events.ts';

let clock: VirtualClock;
let host: ReturnType<typeof virtualMediaHost>;
let session: FakeSession;
let client: CallClient;
let unregister: () => void;
let engine: NetworkConnection[];
let told: string[];

beforeEach(async () => {
  clock = new VirtualClock();
  host = virtualMediaHost(clock);
  session = new FakeSession();
  unregister = registerRoomDriver({
    name: 'fake',
    schemes: ['fake:'],
    capabilities: [],
    join: async () => session,
  });
  client = new CallClient({ devices: { ...noDevices, host }, clock });
  engine = [];
  told = [];
  client.on('network-connection', (change) => engine.push(change));
  client.on('error', ({ error }) => told.push(error.code));
  client.on('call-state-updated', ({ state }) => told.push(state));
  await client.join('fake://host/room');
});
afterEach(() => {
  unregister();
});

test('an engine that died is told as restarting, with the time of the next, and as restarted when that runs', async () => {
  const before = Date.now();
  host.die({ count: 4, retryAt: clock.now() + 10_000 });
  expect(engine).toEqual([{ kind: 'engine', state: 'restarting', count: 4, retryAt: expect.any(Number) }]);
  const [restarting] = engine;
  expect(restarting).toSatisfy(({ retryAt }) => retryAt >= before + 10_000 && retryAt <= Date.now() + 10_000);
  expect(client.callState).toBe('joined');
  await clock.advance(10_000);
  expect(engine.at(-1)).toEqual({ kind: 'engine', state: 'restarted', count: 4 });
  expect(told).toEqual(['joining', 'joined']);
  expect(session.left).toBe(false);
});

test('a call without an engine to come is left, with the reason, and is not joined again before there is one', async () => {
  host.die({ failed: true });
  await clock.advance(0);
  expect(told).toEqual(['joining', 'joined', 'leaving', 'SLUICE_HOST_FAILED', 'left']);
  expect(session.left).toBe(true);
  await expect(client.join('fake://host/room')).rejects.toMatchObject({ code: 'SLUICE_HOST_FAILED' });
  expect(client.callState).toBe('left');
});
