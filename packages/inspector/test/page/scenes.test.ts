import { join } from 'node:path';
import { type Graph, graph } from '@sluice/core';
import { fromTone, gain, toNull } from '@sluice/nodes';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inspector, type InspectRequest, inspector } from '../../src/index.ts';
import { fakeCall } from '../fake-call.ts';
import { expectScene, openPage, pictures, startBrowser } from './browser.ts';
import { busyGraph } from './busy-graph.ts';

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly right: number;
  readonly width: number;
}
interface Placed {
  readonly clientHeight: number;
  getBoundingClientRect(): Box;
}
interface Ranged {
  readonly min: string;
  readonly max: string;
}
const middleOf = ({ top, bottom }: Box) => (top + bottom) / 2;
type ReadPixel = (x: number, y: number, width: number, height: number) => { readonly data: Uint8ClampedArray };
/** How long a page may take for what it shows, on a machine that is busy. */
const soon = { timeout: 8_000 };

let browser: Browser;
let bot: Graph;
let open: Inspector;
let page: Page;
let complaints: readonly string[];
/** What the page asked the process, newest last. */
const asked: InspectRequest[] = [];
beforeAll(async () => {
  browser = await startBrowser();
  bot = busyGraph();
  open = await inspector(bot, { media: true, allowControl: true, runFile: false });
  open.addCall(fakeCall(), { name: 'studio' });
  await bot.start();
  ({ page, complaints } = await openPage(browser, { reducedMotion: 'reduce' }));
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => void asked.push(JSON.parse(String(payload)) as InspectRequest)),
  );
  await page.goto(open.url);
  await page.getByRole('region', { name: 'Graph' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await open?.close();
  bot?.abort();
  await bot?.finished.catch(() => {});
});

async function lookAt(scene: string): Promise<void> {
  await expectScene(page, scene);
  expect(complaints).toEqual([]);
}

const node = (name: string) => page.locator(`.node[data-node="${name}"]`);
const part = (id: string) => page.locator(`.link-label[data-link="${id}"]`);
const linkTo = (name: string) => bot.inspect().links.find(({ to }) => to === name)!.id;

describe('the page', () => {
  it('draws the graph with what is wrong', async () => {
    for (const { id } of bot.inspect().nodes) await node(id).waitFor();
    for (const { id } of bot.inspect().links) expect(await part(id).count()).toBe(1);
    await page.getByText('the filter became unstable').first().waitFor();
    await page.getByText('dropped').first().waitFor();
    await page.locator('.node.stuck[data-node="delay"]').waitFor();
    await page.locator('.node.working[data-node="jingle"]', { hasText: 'held back' }).waitFor();
    await page.locator('.problem', { hasText: 'chime' }).getByText('the queue between them has been full').waitFor();
    // What nobody agreed on is told as it comes through.
    expect(await page.getByText('nothing yet').count()).toBe(0);
    await page.locator('.dropped').first().waitFor();
    await lookAt('graph');
  });

  it('explains a code without any network, and goes back to the moment of a problem', async () => {
    const problem = page.locator('.problem', { hasText: 'the filter became unstable' });
    await problem.getByRole('button', { name: 'SLUICE_NODE_FAILED' }).click();
    await problem.getByText('Mend the cause, or declare onError.').waitFor();
    await problem
      .getByRole('button', { name: /^Go back to / })
      .first()
      .click();
    await page.getByText(/^as at /).waitFor();
    await problem.waitFor();
    await lookAt('problem');
    await page.getByRole('button', { name: 'Back to now' }).first().click();
    await problem.getByRole('button', { name: 'SLUICE_NODE_FAILED' }).click();
  });

  it('shows on a link of pictures what it carries, and asks for it only while that is in view', async () => {
    const label = part(linkTo('toNull-2'));
    const colours = () =>
      label.locator('canvas').evaluate((drawn) => {
        const canvas = drawn as unknown as { width: number; getContext(of: '2d'): { getImageData: ReadPixel } };
        const context = canvas.getContext('2d');
        const bar = canvas.width / 7;
        return [0, 1, 2, 3, 4, 5, 6].map((index) => [
          ...context.getImageData(Math.round((index + 0.5) * bar), 10, 1, 1).data.slice(0, 3),
        ]);
      });
    // The bars of the test pattern, at three quarters: white, yellow, cyan, green, magenta, red, blue.
    const on = 191;
    const bars = [0b111, 0b110, 0b011, 0b010, 0b101, 0b100, 0b001].map((bits) => [4, 2, 1].map((bit) => bits & bit));
    await expect
      .poll(async () => (await colours()).map((rgb) => rgb.map((value) => Math.round(value / on) * on)), soon)
      .toEqual(bars.map((rgb) => rgb.map((bit) => (bit > 0 ? on : 0))));
    for (const [at, rgb] of (await colours()).entries())
      for (const [channel, value] of rgb.entries())
        expect(Math.abs(value - (bars[at]![channel]! > 0 ? on : 0)), `bar ${at}`).toBeLessThan(16);
    const last = () =>
      asked.findLast((one) => one.type === 'unscope' || (one.type === 'scope' && one.kinds.includes('thumbnail')))
        ?.type;
    await expect.poll(last, soon).toBe('scope');
    for (let times = 0; times < 4; times++) await page.getByRole('button', { name: 'Larger' }).click();
    await expect.poll(last, soon).toBe('unscope');
    await page.getByRole('button', { name: 'Fit' }).click();
    await expect.poll(last, soon).toBe('scope');
  });

  it('keeps everything where it is while numbers move', async () => {
    const places = () => page.locator('.node').evaluateAll((all) => all.map(({ style }) => [style.left, style.top]));
    const before = await places();
    const frames = () => bot.inspect().links[0]!.frames;
    const [seen, vitals] = [frames(), await page.locator('.vitals').textContent()];
    await expect.poll(() => page.locator('.vitals').textContent(), soon).not.toBe(vitals);
    await expect.poll(frames, soon).toBeGreaterThan(seen);
    expect(await places()).toEqual(before);
  });

  it('shows a node: numbers, options, the last fault with its page, and takes a message for it', async () => {
    await node('fragile').click();
    const panel = page.getByRole('complementary');
    await panel.getByText('studio 4').waitFor();
    const loose = panel.getByRole('region', { name: 'Ports without a link' });
    expect(await loose.getByRole('term').allTextContents()).toEqual(['alarm']);
    expect(await loose.getByRole('definition').textContent()).toBe('gives audio 16000 Hz, 1 channel(s): not linked');
    await panel.getByRole('heading', { name: 'Last fault' }).waitFor();
    await panel.getByText(/^packages\/inspector\/test\/page\/busy-graph\.ts:\d+$/).waitFor();
    const message = (type: string) => panel.getByRole('form', { name: type });
    await message('reset').getByText('not taken yet').waitFor();
    await message('reset').getByRole('button').click();
    await message('reset').getByText('Done.').waitFor();
    await message('reset')
      .getByText(/^once, last \d\d:\d\d:\d\d\.\d$/)
      .waitFor();
    await message('set-room').getByRole('textbox', { name: 'room' }).fill('studio 5');
    await message('set-room').getByRole('button').click();
    await message('set-room').getByText('Done.').waitFor();
    expect(asked.findLast(({ type }) => type === 'send')).toMatchObject({
      node: 'fragile',
      message: { type: 'set-room', room: 'studio 5' },
    });
    await panel.getByText('Another message').click();
    await panel.getByRole('textbox', { name: 'Type' }).fill('explode');
    await panel.getByRole('button', { name: 'Send', exact: true }).click();
    await panel.getByText('does not know the message explode').waitFor();
    await lookAt('node');
  });

  it('draws what a link carries, sound and pictures', async () => {
    await part(linkTo('guest/recorder')).click();
    await page.getByRole('region', { name: /^Scope of/ }).waitFor();
    // Some seconds of sound with the gaps of what was dropped.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await page.getByRole('button', { name: 'Follow a frame from here' }).click();
    await page.getByRole('region', { name: 'Follow a frame' }).getByText('starts').waitFor();
    await lookAt('scope');
    await page.getByRole('button', { name: 'Keep to compare' }).click();
    await part(linkTo('toNull')).click();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await page.getByRole('button', { name: 'Align' }).click();
    await page.locator('.compare').getByText('guest/microphone->guest/recorder: sounds otherwise').waitFor();
    await lookAt('compare');
    await part(linkTo('toNull-2')).click();
    const picture = page.getByRole('img', { name: /^What passes camera/ });
    await expect
      .poll(() => picture.evaluate((canvas) => (canvas as unknown as { width: number }).width), soon)
      .toBe(320);
    await lookAt('picture');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Close the scope/ }).click();
    await expect.poll(() => page.getByRole('region', { name: /^Scope of/ }).count()).toBe(0);
  });

  it('is steered by keys', async () => {
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Find a node or link' }).fill('camera');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'camera', exact: true }).waitFor();
    await node('camera').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate<string>('document.activeElement.dataset.node')).toBe(
      bot.inspect().links.find(({ from }) => from === 'camera')!.to,
    );
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await page.keyboard.press(' ');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await lookAt('help');
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    await page.getByRole('region', { name: 'Tables' }).waitFor();
    await lookAt('table');
    await page.keyboard.press('t');
  });

  it('draws the last minutes, and goes back to one of their moments', async () => {
    const time = page.getByRole('region', { name: 'Time' });
    const handle = time.getByRole('slider', { name: 'Moment' });
    await expect.poll(() => handle.getAttribute('aria-valuetext'), soon).toBe('live');
    await handle.focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowLeft');
    await page.getByText(/^as at /).waitFor();
    const moment = () => handle.getAttribute('aria-valuetext');
    await expect.poll(moment, soon).toMatch(/^\d\d:\d\d:\d\d\.\d, \d+ s ago$/);
    const row = () => page.locator('.node[data-node="camera"] .figures').textContent();
    const seen = await row();
    const frames = bot.inspect().links[0]!.frames;
    await expect.poll(() => bot.inspect().links[0]!.frames, soon).toBeGreaterThan(frames + 30);
    expect(await row()).toBe(seen);
    const range = (minutes: number) => time.getByRole('button', { name: `last ${minutes} min` });
    const spanMs = () =>
      handle.evaluate((input) => Number((input as unknown as Ranged).max) - Number((input as unknown as Ranged).min));
    expect(await spanMs()).toBe(120_000);
    await range(15).focus();
    await page.keyboard.press('Enter');
    await expect.poll(spanMs, soon).toBe(900_000);
    expect(await range(15).getAttribute('aria-pressed')).toBe('true');
    expect(await row()).toBe(seen);
    await time.getByText('GC', { exact: true }).waitFor();
    await range(2).click();
    await lookAt('time');
    await time.getByRole('button', { name: 'Back to now' }).click();
    await expect.poll(moment, soon).toBe('live');
    await page.keyboard.press('h');
    await expect.poll(() => time.count(), soon).toBe(0);
    await page.keyboard.press('h');
  });

  it('shows calls: who is there, what arrives, and the network in the words of its numbers', async () => {
    await page.keyboard.press('c');
    const calls = page.getByRole('region', { name: 'Calls' });
    await calls.getByRole('heading', { name: 'studio' }).waitFor();
    await calls.getByText('3 participants').waitFor();
    await calls.getByRole('row', { name: 'Ada microphone playable yes 3 0 ms 412 ms' }).waitFor();
    await calls.getByText('off: remoteMute').waitFor();
    await calls.getByRole('row', { name: 'direct udp host 192.0.2.10:50010 srflx 203.0.113.5:40020 12 ms' }).waitFor();
    await calls.getByRole('row', { name: 'by a relay tls relay [2001:db8::7]:3478 prflx –' }).waitFor();
    await calls.getByText('All figures of the network').click();
    await expect.poll(() => calls.locator('[data-number=sendPacketLoss]').textContent()).toBe('0.001');
    expect(await calls.locator('[data-number=videoCodecs]').textContent()).toBe('VP8');
    await lookAt('calls');
    await page.keyboard.press('c');
  });

  it('moves when it is dragged and wheeled, and fits itself again', async () => {
    const transform = () => page.evaluate<string>("document.querySelector('.sheet').style.transform");
    // Laid out once nothing stands beside it any more.
    await expect.poll(transform, soon).not.toBe('');
    const fitted = await transform();
    await page.getByRole('button', { name: 'Larger' }).click();
    expect(await transform()).not.toBe(fitted);
    await page.getByRole('button', { name: 'Fit' }).click();
    expect(await transform()).toBe(fitted);
  });

  it('has all of its switches in one row, also in a window of 1024 pixels', async () => {
    for (const width of [1_280, 1_024]) {
      await page.setViewportSize({ width, height: 800 });
      const rows = await page
        .locator('header.top > *:not(h1)')
        .evaluateAll((all) => all.map((one) => (one as unknown as Placed).getBoundingClientRect()));
      const shown = rows.filter((box) => box.width > 0);
      expect(shown.length).toBeGreaterThan(8);
      const [first] = shown;
      for (const box of shown) expect(Math.abs(middleOf(box) - middleOf(first!)), `${width}`).toBeLessThan(4);
      expect(Math.max(...shown.map(({ right }) => right))).toBeLessThanOrEqual(width);
      expect(await page.locator('header.top').evaluate((bar) => (bar as unknown as Placed).clientHeight)).toBeLessThan(
        50,
      );
    }
  });

  it('fits a narrow window', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const drawing = await page.getByRole('region', { name: 'Graph' }).boundingBox();
    expect(drawing?.height).toBeGreaterThan(250);
    await lookAt('narrow');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('says what is wrong with an address that has no token, or another', async () => {
    for (const hash of ['', '#t=wrong']) {
      const { page: other } = await openPage(browser);
      await other.goto(`http://127.0.0.1:${open.port}/${hash}`);
      await other.getByText('This address is of no use').waitFor();
      await other.screenshot({ path: join(pictures, 'denied.png') });
      await other.context().close();
    }
  });
});

it('shows numbers that inspect() has, to the last frame', async () => {
  const short = graph('short');
  short
    .from(fromTone({ duration: 2, live: true }), { name: 'tone' })
    .pipe(gain({ db: -6 }))
    .to(toNull());
  await using own = await inspector(short, { runFile: false });
  const { page: other } = await openPage(browser);
  await other.goto(own.url);
  await short.run();
  await other.locator('.status', { hasText: 'done' }).first().waitFor();
  await other.getByRole('button', { name: 'Table' }).click();
  const snapshot = short.inspect();
  expect(snapshot.links[0]!.frames).toBe(100);
  for (const { id, framesIn, framesOut } of snapshot.nodes) {
    const row = other.locator(`tr[data-node="${id}"]`);
    await expect.poll(() => row.locator('[data-figure=framesIn]').textContent(), soon).toBe(String(framesIn));
    await expect.poll(() => row.locator('[data-figure=framesOut]').textContent(), soon).toBe(String(framesOut));
  }
  for (const { id, frames, droppedFrames } of snapshot.links) {
    const row = other.locator(`tr[data-link="${id}"]`);
    await expect.poll(() => row.locator('[data-figure=frames]').textContent(), soon).toBe(String(frames));
    await expect.poll(() => row.locator('[data-figure=dropped]').textContent(), soon).toBe(String(droppedFrames));
  }
});

it('tells that the process is gone, and comes back with it', async () => {
  const first = graph('first');
  const own = await inspector(first, { runFile: false });
  const { page: other } = await openPage(browser);
  await other.goto(own.url);
  await other.getByText('first').waitFor();
  await own.close();
  await other.getByText('The process is gone').waitFor();
});
