import { join } from 'node:path';
import { graph } from '@sluice/core';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Inspector, inspector } from '../../src/index.ts';
import { openPage, pictures, startBrowser } from './browser.ts';
import { lineOf, lookOf, openTold } from './told-socket.ts';

let browser: Browser;
let open: Inspector;
beforeAll(async () => {
  [browser, open] = await Promise.all([startBrowser(), inspector(graph('quiet'), { runFile: false })]);
});
afterAll(async () => {
  await browser?.close();
  await open?.close();
});

/** What the page holds once its garbage is gone. */
async function heldBy(page: Page, cdp: CDPSession) {
  // What React to a message is drawn with the next picture.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (wanted: string) => metrics.find(({ name }) => name === wanted)!.value;
  return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

it('holds no more after five minutes more, however restless the graph is', async () => {
  const { page, complaints } = await openPage(browser);
  const tell = await openTold(page, open.url);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const zero = Date.now() - 3_600_000;
  let second = 0;
  /** A look each second: a node that fails and comes back, a problem that comes and goes, words; now and then another graph. */
  const minutes = async (count: number) => {
    for (const end = second + 60 * count; second < end; second++) {
      const t = zero + 1_000 * second;
      const topology = lineOf(
        ['mic', 'vad', second % 300 < 150 ? 'gain' : 'gate', 'out'],
        1 + Math.floor(second / 150),
      );
      if (second % 150 === 0) tell(topology);
      const down = second % 2 === 0;
      const problems = down ? [{ text: `\`vad\` failed ${second} times`, node: 'vad', firstMs: second }] : [];
      const states = ['running', down ? 'down' : 'running', 'running', 'running'];
      const more = { states, problems, epoch: second };
      const look = lookOf(topology, (at) => (second * (at + 3)) % 1_009, more);
      const process = { lagMs: second % 7, rssMb: 80, cpu: 0.1 };
      tell({ type: 'sample', t, revision: topology.revision, graphs: [look], process });
      tell({ type: 'event', t, graph: 1, kind: 'state', node: 'vad', text: states[1]! });
      const words = { type: 'line', id: `t${second}`, who: 'person', text: 'so it goes', words: [] } as const;
      if (second % 10 === 0)
        tell({ type: 'talk', graph: 1, zero: 0, entries: [{ ...words, startMs: t, endMs: t + 900 }] });
    }
    await page.getByText(`epoch ${second - 1}`).waitFor({ timeout: 30_000 });
    // Each view was there, and is gone.
    for (const key of ['t', 't', 'k', 'k']) await page.keyboard.press(key);
  };
  // What is kept whole is full.
  await minutes(5);
  await page.getByRole('button', { name: /^vad/ }).first().click();
  await minutes(1);
  const before = await heldBy(page, cdp);
  await minutes(5);
  const after = await heldBy(page, cdp);
  // Of each older five seconds one look stays, for ten minutes.
  expect(after.heap - before.heap, 'heap').toBeLessThan(420_000);
  expect(after.nodes - before.nodes, 'nodes').toBeLessThan(200);
  expect(after.listeners - before.listeners, 'listeners').toBeLessThan(50);
  expect(complaints).toEqual([]);
});

it('draws two hundred nodes with any names and figures, and nothing of them runs or hides the rest', async () => {
  const { page, complaints } = await openPage(browser);
  const tell = await openTold(page, open.url);
  const odd = [
    '<img src=x onerror="alert(1)">',
    '</script><script>alert(1)</script>',
    'abc\u202Egnp.exe\u2066',
    'x'.repeat(10_000),
    'م'.repeat(300),
    '__proto__',
    '   ',
    '\u0000\u0007',
  ];
  const topology = lineOf([...odd, ...Array.from({ length: 192 }, (_, at) => `node ${at}`)]);
  tell(topology);
  const figures = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e308, 1e-300, 0, 7];
  const look = lookOf(topology, (at) => figures[at % figures.length]!, {
    figures: { [odd[0]!]: { deep: { as: odd[3] } } },
  });
  const problems = [{ text: odd[0]!, fix: odd[3]!, node: odd[3]!, code: odd[1]!, firstMs: Number.NaN }];
  const faults = [{ node: odd[2]!, message: odd[1]!, code: odd[0]! }];

  const process = { lagMs: Number.NaN, rssMb: Number.POSITIVE_INFINITY, cpu: -1 };
  tell({ type: 'sample', t: Date.now(), revision: 1, graphs: [{ ...look, problems, faults }], process });
  await page.getByText('1 problem', { exact: true }).waitFor();
  await expect.poll(() => page.locator('.node').count()).toBeGreaterThan(100);
  await page.screenshot({ path: join(pictures, 'odd-graph.png') });
  for (const key of ['t', 'Escape', 't']) await page.keyboard.press(key);
  for (const name of [odd[2]!, odd[3]!]) {
    await page.keyboard.press('/');
    await page.keyboard.insertText(name.slice(0, 40));
    await page.keyboard.press('Enter');
    await page.locator('#panel-title').waitFor();
    await page.screenshot({ path: join(pictures, `odd-${name.length}.png`) });
    await page.keyboard.press('Escape');
  }
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  expect(await page.locator('img, script[src="x"]').count()).toBe(0);
  expect(complaints).toEqual([]);
});
