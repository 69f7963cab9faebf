import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VirtualConversation } from '../../../../test/virtual-conversation.ts';
import { type Inspector, inspector } from '../../src/index.ts';
import { Looker } from '../looker.ts';
import { expectScene, openPage, startBrowser } from './browser.ts';
import { spoken } from './spoken.ts';

let browser: Browser;
let talk: VirtualConversation;
let open: Inspector;
let page: Page;
let complaints: readonly string[];
beforeAll(async () => {
  [browser, talk] = await Promise.all([startBrowser(), spoken()]);
  open = await inspector(talk.bot, { media: true, runFile: false });
  ({ page, complaints } = await openPage(browser, { reducedMotion: 'reduce' }));
  await page.goto(open.url);
  await page.getByRole('button', { name: 'Talk' }).click();
});
afterAll(async () => {
  await browser?.close();
  await open?.close();
  await talk?.[Symbol.asyncDispose]();
});

describe('the talk of an agent', () => {
  const view = () => page.getByRole('region', { name: 'Talk' });
  const exchange = (id: string) => page.locator(`[data-exchange="${id}"]`);

  it('has what was said by both, and how long each reply took', async () => {
    const { latencyMs } = talk.agent.metrics();
    expect(latencyMs.count).toBe(3);
    for (const { text, who } of talk.agent.log.entries)
      if (who === 'person') await exchange('t1').or(exchange('t2')).or(exchange('t3')).getByText(text).waitFor();
    const traces = talk.events.filter((event) => event.type === 'trace').map(({ trace }) => trace);
    for (const { id, voicedEndMs, firstAudibleMs } of traces)
      expect(await exchange(`t${id}`).locator('.whole').textContent()).toBe(
        `${Math.round(firstAudibleMs! - voicedEndMs)} ms`,
      );
    expect(await view().locator('.lane .name').allTextContents()).toEqual(['person', 'agent']);
    await expect.poll(() => view().locator('.lane.own .spoken').count()).toBe(3);
    await expectScene(page, 'talk');
  });

  it('tells of an interruption what was heard and what was not', async () => {
    const cut = talk.agent.log.entries.find(({ interrupted }) => interrupted)!;
    const first = exchange('t1');
    expect(await first.locator('.line.agent').textContent()).toContain(cut.text);
    expect(await first.locator('del').textContent()).toBe(cut.planned!.slice(cut.text.length).trim());
    const written = (ms: number) => (ms >= 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms)} ms`);
    expect(cut.droppedMs).toBeGreaterThan(0);
    await first.getByText(`cut after ${written(cut.heardMs!)}, ${written(cut.droppedMs!)} dropped`).waitFor();
    // However late this is looked at, it is in the last two minutes.
    await page.getByRole('button', { name: '2 min', exact: true }).click();
    await expect.poll(() => view().locator('.track .mark.interrupted').count()).toBe(2);
    await page.getByRole('button', { name: '30 s' }).click();
  });

  it('opens a turn by keyboard, with all its steps, and puts it on the axis word by word', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    const button = page.getByRole('button', { name: /^Exchange at/ }).nth(1);
    if ((await button.getAttribute('aria-expanded')) === 'true') await button.click();
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    const steps = page.getByRole('table', { name: 'The way to the first audible sample' });
    const rows = await steps.locator('tbody th').allTextContents();
    expect([rows[0], rows.at(-1)]).toEqual(['last voiced', 'first audible']);
    await page.getByRole('button', { name: '10 s' }).click();
    await view().locator('.word', { hasText: 'appointment' }).waitFor();
    await expectScene(page, 'talk-turn');
    await page.setViewportSize({ width: 390, height: 844 });
    await expectScene(page, 'talk-narrow');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(complaints).toEqual([]);
  });
});

it('tells no words without media', async () => {
  await using own = await inspector(talk.bot, { runFile: false });
  const looker = await Looker.open(own);
  const { entries } = await looker.next('talk');
  const lines = entries.filter((entry) => entry.type === 'line');
  expect(lines.length).toBe(talk.agent.log.entries.length);
  for (const { text, planned, words } of lines)
    expect([text, planned, ...words.map((word) => word.text)].join('')).toBe('');
  looker.close();
});
