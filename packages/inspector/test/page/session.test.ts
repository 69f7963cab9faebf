import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { graph } from '@sluice/core';
import { SessionReader } from '@sluice/core/session';
import { fromTone, gain, toNull } from '@sluice/nodes';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspector, showSession, type Trace } from '../../src/index.ts';
import type { OtlpTraces } from '../../src/trace/otlp-span.ts';
import { expectScene, openPage, pictures, startBrowser } from './browser.ts';
import { makeSession } from './make-session.ts';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  [browser, folder] = await Promise.all([startBrowser(), mkdtemp(join(tmpdir(), 'sluice-page-'))]);
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

const openFile = (page: Page, file: string) => page.getByLabel('A session file').setInputFiles(file);
const step = (page: Page) => page.getByRole('slider', { name: 'Moment' });

it('shows a file instead of a process, at each of its moments', async () => {
  await using open = await inspector(graph('other'), { runFile: false });
  const { page, complaints } = await openPage(browser, { reducedMotion: 'reduce' });
  // Nobody answers under this address, and files can be opened all the same.
  await page.goto(`http://127.0.0.1:${open.port}/#t=wrong`);
  await page.getByText('This address is of no use').waitFor();
  await openFile(page, join(import.meta.dirname, 'talk.sluice'));
  await page.locator('span.status', { hasText: 'replay' }).waitFor();
  await page.locator('.node[data-node="speak"]').or(page.locator('.node[data-node="mouth/speak"]')).first().waitFor();
  await expectScene(page, 'session');
  await page.getByRole('button', { name: 'Talk' }).click();
  await expect.poll(() => page.locator('[data-exchange]').count()).toBe(3);
  // Of the reply that was cut: what the agent and the graph told of it.
  await page.locator('[data-exchange="t1"] button.when').click();
  const happened = page.getByRole('table', { name: 'What happened meanwhile' });
  await happened.getByRole('row', { name: 'agent interrupted: by person' }).waitFor();
  await happened.getByRole('row', { name: 'graph interrupt: epoch 2: mouth/speak' }).waitFor();
  // And of what frames it was made: words and sound left the synthesizer.
  const frames = page.getByRole('table', { name: 'Frames meanwhile' }).getByRole('row', { name: /^mouth\/speak → / });
  const passed = await frames.locator('td:nth-child(2)').allTextContents();
  expect(Math.max(...passed.map(Number)), passed.join()).toBeGreaterThan(30);
  await step(page).focus();
  for (let count = 0; count < 11; count++) await page.keyboard.press('ArrowLeft');
  await page.getByText(/^as at /).waitFor();
  // Eleven seconds before its end the person had not yet said what comes third.
  await expect.poll(() => page.locator('[data-exchange]').count()).toBeLessThan(3);
  await expectScene(page, 'session-talk');
  await page.getByRole('button', { name: 'Close file' }).click();
  await page.getByText('This address is of no use').waitFor();
  expect(complaints).toEqual([]);
});

it('records what it shows into a file that it and others read', async () => {
  const bot = graph('recorded');
  bot
    .from(fromTone({ live: true }))
    .pipe(gain({ db: -6 }))
    .to(toNull());
  await using open = await inspector(bot, { runFile: false });
  const { page } = await openPage(browser, { acceptDownloads: true });
  await page.goto(open.url);
  await bot.start();
  await page.getByRole('button', { name: 'Record' }).click();
  await page.locator('span.status', { hasText: 'running' }).waitFor();
  const seen = bot.inspect().links[0]!.frames;
  await expect.poll(() => bot.inspect().links[0]!.frames, { timeout: 8_000 }).toBeGreaterThan(seen + 40);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Stop and save' }).click(),
  ]);
  bot.abort();
  await bot.finished.catch(() => {});
  const file = join(folder, 'own.sluice');
  await download.saveAs(file);
  await using reader = await SessionReader.open(file);
  const told = [];
  for await (const { type, json } of reader) told.push(`${type} ${(json.message as { type: string }).type}`);
  expect(reader.header).toMatchObject({ graph: { name: 'recorded' }, sound: false, text: false });
  expect(reader.cut).toBe(false);
  expect(told.slice(0, 2)).toEqual(['inspect hello', 'inspect topology']);
  expect(told.filter((line) => line === 'inspect sample').length).toBeGreaterThan(2);
  await openFile(page, file);
  await page.locator('span.status', { hasText: 'replay' }).waitFor();
  await page.locator('.node', { hasText: 'gain' }).waitFor();
  // By keys alone: the drawing as a picture of its own, and what was seen as a trace.
  const exported = async (name: string) => {
    await page.locator('summary', { hasText: 'Export' }).focus();
    await page.keyboard.press('Enter');
    const button = page.getByRole('button', { name });
    await button.focus();
    if (name === 'Graph as SVG') await expectScene(page, 'export');
    const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    const to = join(folder, saved.suggestedFilename());
    await saved.saveAs(to);
    return readFile(to, 'utf8');
  };
  const svg = await exported('Graph as SVG');
  for (const { id } of bot.inspect().nodes) expect(svg).toContain(`>${id}</text>`);
  const { page: picture } = await openPage(browser);
  await picture.setContent(svg);
  expect(await picture.locator('svg .node').count()).toBe(bot.inspect().nodes.length);
  await picture.screenshot({ path: join(pictures, 'exported-svg.png') });
  expect(await exported('Graph as Mermaid')).toBe(bot.toMermaid());
  const { traceEvents } = JSON.parse(await exported('Trace as JSON')) as Trace;
  const works = traceEvents.filter(({ name }) => name === 'works');
  expect(new Set(works.map(({ tid }) => tid)).size).toBe(bot.inspect().nodes.length);
  const { resourceSpans } = JSON.parse(await exported('Spans as OTLP')) as OtlpTraces;
  const { spans } = resourceSpans[0]!.scopeSpans[0]!;
  expect(spans.filter(({ name }) => name === 'sluice.node')).toHaveLength(bot.inspect().nodes.length);
});

it('shows a session that its server has, without a process', async () => {
  const file = join(import.meta.dirname, 'talk.sluice');
  await using shown = await showSession(file);
  const { page, complaints } = await openPage(browser);
  await page.goto(shown.url);
  await page.locator('span.status', { hasText: 'replay' }).waitFor();
  await page.getByRole('button', { name: 'Talk' }).click();
  await expect.poll(() => page.locator('[data-exchange]').count()).toBe(3);
  // There is nothing behind it to go back to, and nothing that goes on.
  for (const name of ['Close file', 'Record']) expect(await page.getByRole('button', { name }).count()).toBe(0);
  await step(page).focus();
  await page.keyboard.press('Home');
  await page.getByText(/^as at /).waitFor();
  await page.goto(`${new URL(shown.url).origin}/#s=wrong`);
  await page.getByRole('alert').getByText('the session cannot be read (401)').waitFor();
  expect(complaints).toEqual([]);
});

it('says what is wrong with a file', async () => {
  await using open = await inspector(graph('other'), { runFile: false });
  const { page } = await openPage(browser);
  await page.goto(open.url);
  const file = join(folder, 'odd.sluice');
  await writeFile(file, 'RIFF');
  await openFile(page, file);
  await page.getByRole('alert').getByText('odd.sluice: This is no session file').waitFor();
});

it('writes what a page would see, of what was said only who spoke when, unless words are wanted', async () => {
  const file = join(folder, 'wordless.sluice');
  await makeSession(file, () => nextTurn(), {});
  await using reader = await SessionReader.open(file);
  const text: string[] = [];
  for await (const { json } of reader) text.push(JSON.stringify(json.message));
  expect(text[0]).toContain('"type":"hello"');
  expect(text.join()).toContain('"asked":"t3"');
  expect(text.join()).not.toContain('appointment');
});
