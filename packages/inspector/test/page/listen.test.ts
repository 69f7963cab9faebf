import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Graph, graph } from '@sluice/core';
import { recordSession, type SessionEnv } from '@sluice/core/session';
import { expectTone, VirtualClock } from '@sluice/core/testing';
import { fromTone, gain, toNull } from '@sluice/nodes';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inspector, inspector, recordInspection } from '../../src/index.ts';
import { expectScene, openPage, startBrowser } from './browser.ts';

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

function toneOf(samples: Int16Array, amplitude = -12): boolean {
  try {
    expectTone(samples, { sampleRate: 16_000, frequency: 440, amplitude, minSnr: 30 });
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

/** Six seconds of a tone, each of them looked at, in virtual time: what samples call their time is the session's. */
async function recordTone(file: string): Promise<void> {
  const clock = new VirtualClock();
  const program = (env: SessionEnv) => {
    const kept = graph('kept', { clock: env.clock, random: env.random });
    const tone = env.source('call', () => fromTone({ live: true, frequency: 440, sampleRate: 16_000, dBFS: -12 }));
    kept
      .from(tone)
      .pipe(gain({ db: -6 }))
      .to(env.sink('out', () => toNull()));
    return kept;
  };
  const session = await recordSession({ file, clock, program, sound: true });
  for (let second = 0; second < 6; second++) {
    await clock.advance(1_000);
    const t = Date.UTC(2026, 0, 1) + clock.now();
    recordInspection(session.graph, (message) => session.inspect('t' in message ? { ...message, t } : message))();
  }
  await session.close();
}

it('gives the sound of a file, as it was at the moment that is looked at', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-heard-'));
  const file = join(folder, 'kept.sluice');
  await recordTone(file);
  await page.getByLabel('A session file').setInputFiles(file);
  await page.locator('span.status', { hasText: 'replay' }).waitFor();
  const saved = async () => {
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save WAV' }).click();
    const bytes = await readFile(await (await saving).path());
    return new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44));
  };
  const tone = { sampleRate: 16_000, frequency: 440, minSnr: 50, continuous: true };
  await page.locator('[data-link="fromTone->gain"]').click();
  const whole = await saved();
  expectTone(whole, { ...tone, amplitude: -12 });
  expect(whole.length).toBeGreaterThan(5.9 * 16_000);
  await page.locator('[data-link="gain->toNull"]').click();
  await page.getByRole('slider', { name: 'Moment' }).focus();
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowLeft');
  await page.getByText(/^as at /).waitFor();
  const before = await saved();
  expectTone(before, { ...tone, amplitude: -18 });
  expect(Math.round((whole.length - before.length) / 16_000)).toBeGreaterThanOrEqual(2);
  await expectScene(page, 'session-scope');
  await page.evaluate('document.activeElement.blur()');
  await page.keyboard.press('l');
  await expect.poll(async () => toneOf(await overhear(), -18), soon).toBe(true);
  await page.keyboard.press('l');
  await expect.poll(() => page.evaluate('globalThis.ear.context.state'), soon).toBe('closed');
  expect(complaints).toEqual([]);
  await rm(folder, { recursive: true });
});
