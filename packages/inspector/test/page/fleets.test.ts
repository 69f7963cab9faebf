import { graph } from '@sluice/core';
import { fromTone, toNull } from '@sluice/nodes';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspector } from '../../src/index.ts';
import { FakeFleet } from '../fake-fleet.ts';
import { expectScene, openPage, startBrowser } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

it('shows a fleet without a graph: how full its workers are, where its jobs stand, what went wrong', async () => {
  const fleet = new FakeFleet();
  await using open = await inspector([], { runFile: false });
  open.addFleet(fleet, { name: 'night shift' });
  const { page, complaints } = await openPage(browser, { reducedMotion: 'reduce' });
  await page.goto(open.url);
  const fleets = page.getByRole('region', { name: 'Fleets' });
  await fleets.getByText('1 queued · 5 running · 1 failed · 1 ended').waitFor();
  const [workers, jobs] = [
    fleets.getByRole('table', { name: '3 workers' }),
    fleets.getByRole('table', { name: '8 jobs' }),
  ];
  const names = await workers.getByRole('rowheader').allTextContents();
  expect(names).toEqual(['worker-a', 'worker-b', 'worker-c drains']);
  await workers.getByRole('row', { name: /^worker-b 4 of 4 .* lobby kitchen attic cellar$/ }).waitFor();
  await workers.getByRole('row', { name: /^worker-a .*hall$/ }).waitFor();
  await workers.getByRole('row', { name: /^worker-c .*\(hall\)$/ }).waitFor();
  await jobs.getByRole('row', { name: /^tower failed .*SLUICE_JOB_LOST: three workers died/ }).waitFor();
  await jobs.getByRole('row', { name: /^hall running .*worker-c → worker-a/ }).waitFor();
  await expectScene(page, 'fleet');
  fleet.reads = 'refuse';
  await fleets.getByText(/^NATS is away; its jobs are those of \d+ s ago$/).waitFor();
  expect(await jobs.count()).toBe(1);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectScene(page, 'fleet-narrow');
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  expect(complaints).toEqual([]);
});

it('shows it beside a graph by its key', async () => {
  const bot = graph('beside');
  bot.from(fromTone({ duration: 20, live: true })).to(toNull());
  await using open = await inspector(bot, { runFile: false });
  open.addFleet(new FakeFleet());
  const done = bot.run();
  const { page } = await openPage(browser);
  await page.goto(open.url);
  await page.getByRole('button', { name: 'Fleets' }).waitFor();
  await page.keyboard.press('f');
  await page.getByRole('region', { name: 'Fleets' }).getByRole('heading', { name: 'fleet' }).waitFor();
  await page.keyboard.press('f');
  await page.getByRole('region', { name: 'Graph' }).waitFor();
  bot.abort();
  await done.catch(() => {});
});
