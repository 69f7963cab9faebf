import type { AudioFrame } from '@sluice/core';
import {
  CallClient,
  CustomAudioSource,
  CustomAudioTrack,
  Daily,
  type RoomServer,
  startRoomServer,
} from '@sluice/transport';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { axeFaults } from './axe.ts';
import { join, openPage, startBrowser } from './browser.ts';

let browser: Browser;
let server: RoomServer;
let bot: CallClient;
beforeAll(async () => {
  browser = await startBrowser();
  Daily.init({ mediaHost: 'in-process' });
});
beforeEach(async () => {
  server = await startRoomServer();
  bot = new CallClient();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await bot.release();
  await server.close();
});
afterAll(async () => {
  await browser?.close();
  await Daily.deinit();
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const people = (page: Page) =>
  page.getByRole('listitem').evaluateAll((items) => items.map((item) => item.getAttribute('aria-label')));

describe('two persons and a bot', () => {
  it('see who is there, in the title too, and a track of a bot has its own tile and volume', async () => {
    const url = server.roomUrl('hello');
    bot.setUserName('Band');
    await bot.join(url);
    const source = new CustomAudioSource(48_000, 1);
    await bot.addCustomAudioTrack('music', new CustomAudioTrack(source));
    const [{ page: ada }, { page: grace }] = [await openPage(browser), await openPage(browser)];
    await join(ada, url, 'Ada');
    await join(grace, url, 'Grace');
    await ada.getByRole('listitem', { name: 'Grace', exact: true }).waitFor({ state: 'attached' });
    expect(await people(ada)).toEqual(['Ada', 'Band', 'Grace']);
    expect((await people(grace)).toSorted()).toEqual(['Ada', 'Band', 'Grace']);
    expect(await ada.title()).toBe('(3) hello');

    const mute = button(ada, 'Mute music of Band');
    await mute.focus();
    await ada.keyboard.press('Enter');
    await button(ada, 'Unmute music of Band').waitFor();
    await ada.getByRole('slider', { name: 'Volume of music of Band' }).fill('40');
    const sounds = await ada.evaluate<number[]>(
      `[...document.querySelectorAll('audio')].filter(({ muted }) => muted).map(({ volume }) => volume)`,
    );
    expect(sounds).toEqual([0.4]);

    // Pictures of either arrive at the other.
    const playing = `[...document.querySelectorAll('video')].filter((video) => video.videoWidth > 0).length === 2`;
    for (const page of [ada, grace]) await expect.poll(() => page.evaluate(playing), { timeout: 15_000 }).toBe(true);
    expect(await axeFaults(ada)).toEqual([]);

    await button(grace, 'Leave').click();
    await expect.poll(() => ada.title()).toBe('(2) hello');
    expect(await ada.getByRole('status').first().textContent()).toContain('Grace left.');
    await bot.leave();
    await expect.poll(() => ada.title()).toBe('(1) hello');
  });

  it('are heard by the bot, and not while they are muted', async () => {
    await bot.join(server.roomUrl('hello'));
    const { page } = await openPage(browser);
    const arrival = new Promise<string>((resolve) =>
      bot.once('participant-joined', ({ participant }) => resolve(participant.id)),
    );
    await join(page, server.roomUrl('hello'), 'Ada');
    let loudest = 0;
    const take = (_: string, frame: AudioFrame) => {
      loudest = Math.max(loudest, ...frame.samples.map(Math.abs));
      frame.close();
    };
    await bot.setAudioRenderer(await arrival, take, { audioSource: 'microphone', sampleRate: 48_000 });
    // The fake microphone beeps.
    await expect.poll(() => loudest, { timeout: 10_000 }).toBeGreaterThan(1_000);
    await button(page, 'Mute').click();
    const id = await arrival;
    await expect.poll(() => bot.participants()[id]?.media.microphone.state).toBe('off');
    await button(page, 'Unmute').click();
    await expect.poll(() => bot.participants()[id]?.media.microphone.state).toBe('playable');
  });
});

describe('a person without a mouse', () => {
  it('joins, does everything that can be done, and leaves', async () => {
    const { page } = await openPage(browser, { reducedMotion: 'reduce' });
    await page.goto(server.roomUrl('keys'));
    const { keyboard } = page;
    /** Goes on with Tab until what is named has the focus. */
    const tabTo = async (name: string) => {
      const wanted = page
        .getByRole('button', { name, exact: true })
        .or(page.getByRole('textbox', { name, exact: true }));
      for (let presses = 0; presses < 40; presses++) {
        if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Tab does not lead to ${name}`);
    };
    await button(page, 'Mute').waitFor();
    await tabTo('Your name');
    await keyboard.type('Ada');
    await keyboard.press('Enter');
    await button(page, 'Leave').waitFor();
    // The heading of the call is read out.
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('keys');

    await tabTo('Mute');
    await keyboard.press('Space');
    await button(page, 'Unmute').waitFor();
    await tabTo('Stop camera');
    await keyboard.press('Enter');
    await button(page, 'Start camera').waitFor();
    await tabTo('People');
    await keyboard.press('Enter');
    await page.getByRole('region', { name: 'People' }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('region', { name: 'People' }).waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('People');
    await tabTo('Leave');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You left the call' }).waitFor();
    await expect.poll(() => page.title()).toBe('keys');
  });

  it('shares a screen, which the others see as a tile', async () => {
    const picking = await startBrowser([
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--auto-select-desktop-capture-source=Entire screen',
    ]);
    const { page } = await openPage(picking);
    const { page: other } = await openPage(browser);
    await join(page, server.roomUrl('hello'), 'Ada');
    await join(other, server.roomUrl('hello'), 'Grace');
    await button(page, 'Share screen').click();
    await other.getByRole('figure', { name: 'Screen of Ada' }).waitFor();
    await button(page, 'Stop sharing').click();
    await other.getByRole('figure', { name: 'Screen of Ada' }).waitFor({ state: 'detached' });
    await picking.close();
  });
});
