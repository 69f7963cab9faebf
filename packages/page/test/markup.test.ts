import { CallClient, Daily, type RoomServer, startRoomServer } from '@sluice/transport';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { join, openPage, startBrowser } from './browser.ts';

const tricks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '"><svg onload=alert(3)>',
  "' onmouseover='alert(4)",
  '<a href="javascript:alert(5)">x</a>',
  '<iframe srcdoc="<script>alert(6)</script>">',
  '{{constructor.constructor("alert(7)")()}}',
  '<style>*{display:none}</style>',
  '<base href="https://example.org/">',
  '<b>gnp.exe</b>',
] as const;

let browser: Browser;
let server: RoomServer;
beforeAll(async () => {
  browser = await startBrowser();
  server = await startRoomServer();
  Daily.init({ mediaHost: 'in-process' });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await Daily.deinit();
  await server?.close();
});

it('in names and messages is text, and nothing of it runs or loads', async () => {
  const { page, complaints } = await openPage(browser);
  const url = server.roomUrl('markup');
  const requests: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).origin));
  await join(page, url, tricks[0]);
  const names = [tricks.slice(0, 5).join(' '), tricks.slice(5).join(' ')];
  const bots = names.map(() => new CallClient());
  for (const [index, bot] of bots.entries()) {
    bot.setUserName(names[index]!);
    await bot.join(url);
  }
  await page.getByRole('button', { name: 'People', exact: true }).click();
  await page.getByRole('region', { name: 'People' }).waitFor();
  for (const name of [tricks[0], ...names]) await page.getByRole('listitem', { name, exact: true }).waitFor();
  await page.getByRole('button', { name: 'Chat', exact: true }).click();
  for (const trick of tricks) {
    await page.getByRole('textbox', { name: 'Message' }).fill(trick);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('log', { name: 'Messages' }).getByText(trick, { exact: true }).last().waitFor();
  }
  // The elements that markup would have made.
  expect(await page.locator('#page :is(script, img, iframe, a, style, base)').count()).toBe(0);
  expect(complaints).toEqual({ violations: [], errors: [] });
  expect([...new Set(requests)]).toEqual([server.url]);
  for (const bot of bots) await bot.release();
});

it.each(['%3Cscript%3Ealert(1)%3C%2Fscript%3E', 'x%22onload%3Dalert(1)', '..%2f..%2fetc%2fpasswd', '%00', '%E2%80%AE'])(
  'in the address %s is no room, and runs nothing',
  async (path) => {
    const { page, complaints } = await openPage(browser);
    await page.goto(`${server.url}/${path}#token=<img src=x onerror=alert(1)>`);
    await page.getByRole('heading', { name: 'Which room?' }).waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
  },
);
