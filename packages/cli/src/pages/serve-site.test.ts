import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type ServedSite, serveSite } from './serve-site.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function served(): Promise<ServedSite> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-site-'));
  open.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'index.html'), '<h1>sluice</h1>');
  await writeFile(join(folder, 'voice.html'), '<h1>Conversations</h1>');
  const site = await serveSite(folder, 0);
  open.unshift(site.close);
  return site;
}

/** As it is written, which `fetch` would make good. */
function statusOf(url: string, path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  return new Promise((tell, fail) => {
    const { port } = new URL(url);
    request({ host: '127.0.0.1', port, path, headers, method }, (answer) => tell(answer.resume().statusCode))
      .once('error', fail)
      .end();
  });
}

it('gives the pages of a folder', async () => {
  const { url } = await served();
  const page = await fetch(url);
  expect(page.headers.get('content-type')).toBe('text/html');
  expect(await page.text()).toBe('<h1>sluice</h1>');
  expect(await (await fetch(`${url}voice`)).text()).toBe('<h1>Conversations</h1>');
  expect(await (await fetch(`${url}voice.html?lang=en`)).text()).toBe('<h1>Conversations</h1>');
});

it('gives nothing else, to nobody under another name, and takes nothing', async () => {
  const { url } = await served();
  const inside = await statusOf(url, '/');
  expect(inside).toBe(200);
  for (const path of [
    '/nothing',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/%00',
    '/%zz',
  ])
    expect(await statusOf(url, path), path).toBe(404);
  expect(await statusOf(url, '/', { host: 'attacker.example' })).toBe(403);
  expect(await statusOf(url, '/', {}, 'POST')).toBe(405);
});

it('tells how a site is built where there is none', async () => {
  await expect(serveSite(tmpdir(), 0)).rejects.toMatchObject({
    code: 'SLUICE_CLI_ENVIRONMENT',
    message: expect.stringContaining('npm run docs:site'),
  });
});
