import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realClock, sleep } from '@sluice/core';
import { startRoomServer } from '@sluice/transport';
import { type Browser, chromium } from 'playwright-core';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds } from '../measuring/cpu-rounds.ts';
import { percentile } from '../measuring/percentile.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench, Report } from '../measuring/report.ts';
import { median } from '../measuring/rounds.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Others in the room: with the visitor's own, nine tiles. */
const BOTS = 8;

/** What the page of a room costs a browser: to load, to begin, and to show nine people. */
export const page: Bench = {
  name: 'page',
  async run(report, { quick, note }) {
    const executablePath = PLACES.find((path) => existsSync(path));
    if (executablePath === undefined) return note('no Chromium here: no rows');
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ];
    const browser = await chromium.launch({ executablePath, args });
    const server = await startRoomServer();
    try {
      await loading(report, browser, server.roomUrl('page'), quick ? 3 : 10);
      if (canMeasureTrees()) await nineTiles(report, browser, server.roomUrl('nine'), quick ? 5 : 20);
      else note('no /proc here: no CPU');
    } finally {
      await browser.close();
      await server.close();
    }
  },
};

async function loading(report: Report, browser: Browser, url: string, times: number): Promise<void> {
  const bare = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>bare</title><button>Join</button>');
  });
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;
  const ours = await visits(browser, url, times);
  const theirs = await visits(browser, bareUrl, times);
  bare.close();
  report('bytes on the wire', ours.bytes / 1024, 'KiB', undefined, 'lower');
  const peer = { name: 'a page of one button', value: percentile(theirs.ms, 0.5) };
  report(`until Join can be pressed, p50 of ${times}`, median(ours.ms), 'ms', peer, 'lower');
}

/** Each with an empty cache. */
async function visits(browser: Browser, url: string, times: number): Promise<{ ms: number[]; bytes: number }> {
  const ms: number[] = [];
  let bytes = 0;
  // The first starts what the browser has to start once.
  for (let count = 0; count <= times; count++) {
    const context = await browser.newContext();
    const tab = await context.newPage();
    const sizes: Promise<number>[] = [];
    tab.on('requestfinished', (request) =>
      sizes.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize)),
    );
    const start = performance.now();
    await tab.goto(url, { waitUntil: 'commit' });
    await tab.getByRole('button', { name: 'Join', exact: true }).waitFor();
    ms.push(performance.now() - start);
    await tab.waitForLoadState('networkidle');
    bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    await context.close();
  }
  return { ms: ms.slice(1), bytes };
}

async function nineTiles(report: Report, browser: Browser, url: string, seconds: number): Promise<void> {
  await using bots = new ChildProgram('shown-bots');
  await bots.call('join', url, BOTS);
  const tab = await browser.newPage();
  await tab.goto(url);
  await tab.getByRole('textbox', { name: 'Your name' }).fill('visitor');
  const { pid } = await browserProcess(browser);
  const tree = new ProcessTree(pid);
  await tab.getByRole('button', { name: 'Join', exact: true }).click();
  const shown = "[...document.querySelectorAll('video')].filter((one) => one.videoWidth > 0).length";
  // The page's policy lets nothing be evaluated in it by itself.
  while ((await tab.evaluate<number>(shown)) < BOTS) await sleep(realClock, 200);
  await sleep(realClock, 3_000);
  const cpu = await cpuRounds([tree], seconds);
  report('CPU of the browser with nine tiles', cpu, '% of a core', undefined, 'lower');
  await tab.close();
}

/** The browser's own process, through its debugging protocol. */
async function browserProcess(browser: Browser): Promise<{ readonly pid: number }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const main = processInfo.find(({ type }) => type === 'browser');
  return { pid: main?.id ?? 0 };
}
