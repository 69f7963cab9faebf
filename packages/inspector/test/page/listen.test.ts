import { readFile } from 'node:fs/promises';
import { type Graph, graph } from '@sluice/core';
import { expectTone } from '@sluice/core/testing';
import { fromTone, toNull } from '@sluice/nodes';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inspector, inspector } from '../../src/index.ts';
import { openPage, startBrowser } from './browser.ts';

/** How long the page may take, on a machine that is busy. */
const soon = { timeout: 15_000 };
/** What goes to the loudspeaker goes through an analyser too, in which the test hears it. */
const OVERHEAR = `{
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode && !(this instanceof AnalyserNode)) {
      const ear = new AnalyserNode(this.context, { fftSize: 4096 });
      connect.call(this, ear);
      connect.call(ear, target);
      globalThis.ear = ear;
      return target;
    }
    return connect.call(this, target, ...rest);
  };
}`;

let browser: Browser;
let bot: Graph;
let open: Inspector;
let page: Page;
let complaints: readonly string[];
beforeAll(async () => {
  browser = await startBrowser();
  bot = graph('heard');
  bot.from(fromTone({ live: true, frequency: 440, sampleRate: 16_000, dBFS: -12 })).to(toNull());
  open = await inspector(bot, { media: true, runFile: false });
  await bot.start();
  ({ page, complaints } = await openPage(browser));
  await page.addInitScript(OVERHEAR);
  await page.goto(open.url);
  await page.locator('.link-label').click();
});
afterAll(async () => {
  await browser?.close();
  await open?.close();
  bot?.abort();
  await bot?.finished.catch(() => {});
});

/** The last quarter of a second that went to the loudspeaker. */
async function overhear(): Promise<Int16Array> {
  const samples = await page.evaluate<number[]>(`(() => {
    const samples = new Float32Array(4096);
    globalThis.ear?.getFloatTimeDomainData(samples);
    return Array.from(samples, (sample) => Math.round(32767 * sample));
  })()`);
  return Int16Array.from(samples);
}

it('plays the tone of a link when `l` is pressed, and no longer when it is pressed again', async () => {
  await page.getByRole('button', { name: 'Listen' }).waitFor();
  await page.evaluate('document.activeElement.blur()');
  await page.keyboard.press('l');
  await page.getByRole('button', { name: 'Stop listening' }).waitFor();
  await expect.poll(async () => toneOf(await overhear()), soon).toBe(true);
  expect(complaints).toEqual([]);
  await page.keyboard.press('l');
  await page.getByRole('button', { name: 'Listen', exact: true }).waitFor();
  await expect.poll(() => page.evaluate('globalThis.ear.context.state'), soon).toBe('closed');
});

function toneOf(samples: Int16Array): boolean {
  try {
    expectTone(samples, { sampleRate: 16_000, frequency: 440, amplitude: -12, minSnr: 30 });
    return true;
  } catch {
    return false;
  }
}

it('saves the last seconds as WAV, and what is drawn as PNG', async () => {
  await expect
    .poll(async () => {
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save WAV' }).click();
      const bytes = await readFile(await (await saving).path());
      return bytes.length;
    }, soon)
    .toBeGreaterThan(44 + 32_000);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save WAV' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/\.wav$/);
  const bytes = await readFile(await download.path());
  const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44));
  expectTone(samples, { sampleRate: 16_000, frequency: 440, amplitude: -12, minSnr: 50, continuous: true });
  const drawing = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save PNG' }).click();
  const png = await readFile(await (await drawing).path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
});
