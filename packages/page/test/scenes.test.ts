import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults } from './axe.ts';
import { openPage, startBrowser } from './browser.ts';
import { type Gallery, openGallery } from './gallery-server.ts';
import { pagePolicy } from './policy.ts';

const pictures = join(import.meta.dirname, '../../../out/page');
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const schemes = ['light', 'dark'] as const;

/** By scene, with the button that is pressed in it and the tiles that are to be seen. */
const scenes: readonly [scene: string, press: string | undefined, tiles: number][] = [
  ['join', undefined, 0],
  ['join-devices', 'Devices', 0],
  ['join-denied', undefined, 0],
  ['join-insecure', undefined, 0],
  ['waiting', undefined, 0],
  ['left', undefined, 0],
  ['one', undefined, 1],
  ['three', undefined, 4],
  ['nine', undefined, 9],
  ['screen', undefined, 6],
  ['chat', 'Chat', 3],
  ['owner', 'People', 5],
  ['devices', 'Devices', 2],
  ['reconnecting', undefined, 2],
];

let gallery: Gallery;
let browser: Browser;
let page: Page;
let violations: readonly string[];
let errors: readonly string[];
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  gallery = await openGallery(await pagePolicy());
  browser = await startBrowser();
  const opened = await openPage(browser, { reducedMotion: 'reduce' });
  page = opened.page;
  ({ violations, errors } = opened.complaints);
});
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

/** In all sizes and colours: a picture, no width that has to be scrolled, nothing that axe complains of. */
async function lookAt(scene: string, press?: string): Promise<string[]> {
  await page.goto('about:blank');
  await page.goto(gallery.url(scene));
  if (press !== undefined) await page.getByRole('button', { name: press, exact: true }).click();
  for (const details of await page.locator('summary').all()) await details.click();
  const faults: string[] = [];
  for (const [size, viewport] of Object.entries(sizes))
    for (const colorScheme of schemes) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      // Tiles are measured when the stage has its new size.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      await page.screenshot({ path: join(pictures, `${scene}-${size}-${colorScheme}.png`) });
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (wider > 0) faults.push(`${size}: ${wider} pixels too wide`);
      // Colours are judged in each scheme; structure is the same in both.
      faults.push(...(await axeFaults(page)).map((fault) => `${size} ${colorScheme}: ${fault}`));
    }
  return faults;
}

/** What is told at each closed door, as it stands in the page's own words. */
const doors = [
  'token-required',
  'token-invalid',
  'token-expired',
  'token-unexpected',
  'room-full',
  'room-unknown',
].concat([
  'room-expired',
  'room-not-open',
  'not-admitted',
  'removed',
  'replaced',
  'closing',
  'unreachable',
  'lost',
  'no-webrtc',
]);

describe('the page', () => {
  it.each(scenes)('is whole and accessible in the state %s', async (scene, press, tiles) => {
    expect(await lookAt(scene, press)).toEqual([]);
    expect(await page.getByRole('figure').count()).toBe(tiles);
  });

  it('has words of its own for each closed door, and its heading is read out', async () => {
    const told = new Set<string>();
    for (const door of doors) {
      await page.goto('about:blank');
      await page.goto(gallery.url(`no-${door}`));
      for (const [size, viewport] of Object.entries(sizes)) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme: size === 'phone' ? 'dark' : 'light' });
        await page.screenshot({ path: join(pictures, `no-${door}-${size}.png`) });
      }
      const heading = page.getByRole('heading', { level: 1 });
      told.add((await heading.textContent())!);
      expect(await heading.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    }
    expect(told.size).toBe(doors.length);
    expect(await axeFaults(page)).toEqual([]);
  });

  it('keeps to its policy in all of them', () => {
    expect(violations).toEqual([]);
    expect(errors).toEqual([]);
  });
});
