import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRoomServer } from '../src/room/server/room-server.ts';
import { CutRoom, loud } from './cut-room.ts';
import { wait } from './linked-connections.ts';
import { until } from './until.ts';

// Both wait most of the time, and begin to measure when the processes of both have started.
describe.concurrent('signalling that goes away for a while', () => {
  let cut: CutRoom;
  let restarted: CutRoom;
  beforeAll(async () => {
    [cut, restarted] = [await CutRoom.open(), await CutRoom.open()];
  });
  afterAll(() => Promise.all([cut?.close(), restarted?.close()]));

  test('a signalling cut of 12 s is not heard, and nobody left when it is over', async () => {
    const { ada, adaId, grace, graceId, proxy, events } = cut;
    await cut.measureGaps();
    proxy.set('cut');
    await cut.told('ada', 'signalling interrupted', 1_000);
    await wait(12_000);
    proxy.set('open');
    await cut.told('ada', 'signalling connected', 2_500);
    expect(await cut.longestGap()).toBeLessThan(200);
    await wait(500);
    await cut.collect();
    expect(events.grace.filter((event) => event.startsWith('left'))).toEqual([]);
    expect(Object.keys(await ada.call('participants'))).toContain(graceId);
    expect(Object.keys(await grace.call('participants'))).toContain(adaId);
    // What happens after it arrives once and works: a new track needs descriptions both ways.
    await grace.call('addTrack', 'music', 'tone-1200');
    await ada.call('listen', graceId, 'music');
    await until(() => loud(ada, graceId, 'music'));
  });

  test('a restart of the server is not heard: everybody is back under the same ids', async () => {
    const { ada, adaId, grace, graceId, events } = restarted;
    await restarted.measureGaps();
    const { port } = restarted.server;
    await restarted.server.close();
    await restarted.told('grace', 'signalling interrupted', 1_000);
    await wait(1_500);
    restarted.server = await startRoomServer({ port });
    await restarted.told('ada', 'signalling connected', 3_000);
    await restarted.told('grace', 'signalling connected', 3_000);
    await grace.call('addTrack', 'music', 'tone-1200');
    await ada.call('listen', graceId, 'music');
    await until(() => loud(ada, graceId, 'music'));
    expect(await restarted.longestGap()).toBeLessThan(200);
    expect((await ada.call('participants')).local.id).toBe(adaId);
    // Longer than those are waited for who do not come back.
    await wait(11_000);
    await restarted.collect();
    expect([...events.ada, ...events.grace].filter((event) => event.startsWith('left'))).toEqual([]);
  });
});
