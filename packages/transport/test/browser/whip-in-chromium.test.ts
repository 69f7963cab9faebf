import { measureTone } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Daily } from '../../src/daily.ts';
import { type RoomServer, startRoomServer } from '../../src/room/server/room-server.ts';
import { startWhipServer, type WhipServer } from '../../src/whip/endpoint/whip-server.ts';
import { until } from '../until.ts';
import { type BrowserPage, openBrowser } from './chromium.ts';
import { WhipPage } from './whip-page.ts';

const HZ = 440;
const token = 'secret';

let browser: BrowserPage;
let rooms: RoomServer;
let endpoint: WhipServer;
beforeEach(async () => {
  browser = await openBrowser();
  rooms = await startRoomServer({ tokens: (given) => (given === token ? {} : null) });
  Daily.init();
  endpoint = await startWhipServer({ roomUrl: rooms.roomUrl, origins: [new URL(browser.page.url()).origin] });
});
afterEach(async () => {
  await endpoint.close();
  await Daily.deinit();
  await rooms.close();
  await browser.close();
});

test('a page of another origin publishes a tone, plays it from the room, and goes on after a restart of ICE', async () => {
  const page = await WhipPage.open(browser.page);
  await page.publish(endpoint.whipUrl('stage'), token, HZ);
  await page.play(endpoint.whepUrl('stage'), token);
  const heard = async () => {
    const sound = await page.hear();
    // 100 ms each.
    return [0, 4_800, 9_600].some((at) => {
      const { frequency, snr } = measureTone(sound.subarray(at, at + 4_800), 48_000, HZ);
      return snr > 15 && Math.abs(frequency - HZ) < 2;
    });
  };
  await until(heard, 30_000);
  expect((await page.path()).isNew).toBe(true);
  expect(await page.restart()).toBe(200);
  await until(async () => (await page.path()).isNew, 20_000);
  await until(heard, 20_000);
  expect((await page.path()).state).toBe('connected');
  expect(endpoint.sessions).toBe(2);
  expect(await page.end()).toEqual([200, 200]);
  expect(endpoint.sessions).toBe(0);
});
