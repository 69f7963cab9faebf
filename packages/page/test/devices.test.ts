import { CallClient, Daily, type RoomServer, startRoomServer } from '@sluice/transport';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { axeFaults } from './axe.ts';
import { openPage, startBrowser } from './browser.ts';

let browser: Browser;
let server: RoomServer;
let bot: CallClient;
beforeAll(async () => {
  browser = await startBrowser(['--use-fake-device-for-media-stream=device-count=2', '--use-fake-ui-for-media-stream']);
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

/** Writes down what is asked for, and how many tracks of the kind still ran then. */
const spy = `(() => {
  const { mediaDevices } = navigator;
  if (mediaDevices === undefined) return;
  const asked = (globalThis.asked = []);
  const tracks = (globalThis.tracks = []);
  const real = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const kind = constraints.audio ? 'audio' : 'video';
    const running = tracks.filter((track) => track.kind === kind && track.readyState === 'live').length;
    asked.push({ kind, running, ...constraints[kind] });
    const stream = await real(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
})()`;

interface Asked {
  readonly kind: 'audio' | 'video';
  readonly running: number;
  readonly deviceId?: { readonly exact: string };
}
const asked = (page: Page) => page.evaluate<Asked[]>('asked');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const select = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
const labels = (page: Page, name: string) => select(page, name).locator('option').allTextContents();

async function open(): Promise<Page> {
  const { page, context } = await openPage(browser);
  await context.addInitScript(spy);
  await page.goto(server.roomUrl('hall'));
  await button(page, 'Stop camera').waitFor();
  await button(page, 'Mute').waitFor();
  return page;
}

async function enter(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
  await button(page, 'Join').click();
  await button(page, 'Leave').waitFor();
}

it('are chosen before the call, one stopped before the next is asked for, and what the browser says of them is shown', async () => {
  const page = await open();
  await button(page, 'Devices').click();
  expect((await labels(page, 'Camera')).length).toBe(3);
  expect((await labels(page, 'Microphone')).length).toBeGreaterThan(2);
  const [camera, microphone] = [(await labels(page, 'Camera'))[2]!, (await labels(page, 'Microphone'))[2]!];
  await select(page, 'Camera').selectOption({ label: camera });
  await select(page, 'Microphone').selectOption({ label: microphone });
  await expect.poll(async () => (await asked(page)).length).toBe(4);
  const all = await asked(page);
  expect(all.map(({ running }) => running)).toEqual([0, 0, 0, 0]);
  const processing = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const sounds = all.filter(({ kind }) => kind === 'audio');
  expect(sounds).toEqual([
    { kind: 'audio', running: 0, ...processing },
    { kind: 'audio', running: 0, ...processing, deviceId: { exact: await select(page, 'Microphone').inputValue() } },
  ]);
  const settings = `document.querySelector('video').srcObject?.getTracks()[0].getSettings().deviceId`;
  await expect.poll(() => page.evaluate(settings)).toBe(await select(page, 'Camera').inputValue());
  await page.getByText('How they are used').click();
  for (const fact of ['Channels: 1', 'Echo cancellation: on', 'Noise suppression: on', 'Automatic gain: on'])
    await page.getByText(fact, { exact: true }).waitFor();
  await page.getByText(/^Picture: \d+ × \d+$/).waitFor();
  await page.getByText(/^Rate: [\d.]+ kHz$/).waitFor();
  expect(await axeFaults(page)).toEqual([]);
});

it('that are chosen while the microphone is muted are opened when it is unmuted', async () => {
  const page = await open();
  await button(page, 'Devices').click();
  await button(page, 'Mute').click();
  const before = (await asked(page)).length;
  await select(page, 'Microphone').selectOption({ index: 2 });
  await button(page, 'Stop camera').click();
  await button(page, 'Unmute').waitFor();
  expect((await asked(page)).length).toBe(before);
  await button(page, 'Unmute').click();
  await button(page, 'Mute').waitFor();
  expect((await asked(page)).at(-1)!.deviceId!.exact).toBe(await select(page, 'Microphone').inputValue());
});

it('are chosen in the call by keyboard, sound goes on, and the loudspeaker is the one that was chosen', async () => {
  const microphone = Daily.createMicrophoneDevice('bot', { sampleRate: 48_000 });
  const inputs = { microphone: { isEnabled: true, settings: { deviceId: 'bot' } } };
  await bot.join(server.roomUrl('hall'), { userName: 'bot', clientSettings: { inputs } });
  const page = await open();
  await enter(page);
  const id = Object.values(bot.participants()).find(({ info }) => !info.isLocal)!.id;
  const state = () => bot.participants()[id]?.media.microphone.state;
  await expect.poll(state, { timeout: 10_000 }).toBe('playable');
  await button(page, 'Devices').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Devices' }).waitFor();
  await select(page, 'Microphone').focus();
  await page.keyboard.press('ArrowDown');
  await expect
    .poll(async () => (await asked(page)).at(-1)?.deviceId?.exact)
    .toBe(await select(page, 'Microphone').inputValue());
  await expect.poll(state, { timeout: 10_000 }).toBe('playable');
  await button(page, 'Mute').waitFor();
  await select(page, 'Loudspeaker').selectOption({ index: 1 });
  const sinks = `[...document.querySelectorAll('audio')].map(({ sinkId }) => sinkId)`;
  await expect.poll(() => page.evaluate(sinks)).toEqual([await select(page, 'Loudspeaker').inputValue()]);
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Devices' }).waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Devices');
  microphone.close();
});

it.each([
  ['leave the list', ''],
  ['give nothing any more', `const track = tracks.at(-1); track.stop(); track.dispatchEvent(new Event('ended'));`],
])('that are unplugged and %s are replaced by what the system has', async (_, more) => {
  const page = await open();
  await enter(page);
  await button(page, 'Devices').click();
  await select(page, 'Camera').selectOption({ index: 2 });
  const gone = await select(page, 'Camera').inputValue();
  await expect.poll(async () => (await asked(page)).at(-1)?.deviceId?.exact).toBe(gone);
  await page.evaluate(`(() => {
    const { mediaDevices } = navigator;
    const all = mediaDevices.enumerateDevices.bind(mediaDevices);
    mediaDevices.enumerateDevices = async () => (await all()).filter(({ deviceId }) => deviceId !== '${gone}');
    ${more || `mediaDevices.dispatchEvent(new Event('devicechange'));`}
  })()`);
  await expect.poll(() => labels(page, 'Camera').then(({ length }) => length)).toBe(2);
  expect(await select(page, 'Camera').inputValue()).toBe('');
  await expect.poll(async () => (await asked(page)).at(-1)?.deviceId).toBeUndefined();
  await button(page, 'Stop camera').waitFor();
  const picture = `document.querySelector('video').srcObject?.getTracks()[0].readyState`;
  await expect.poll(() => page.evaluate(picture)).toBe('live');
});
