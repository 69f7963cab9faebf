import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Smoke } from '../smoke.ts';

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

let smoke: Smoke;
let browser: Browser | undefined;
beforeEach(async () => {
  smoke = await Smoke.open();
});
afterEach(async () => {
  await browser?.close();
  await smoke.close();
});

it('is met by a person with a browser, who reads its words as they are heard', {
  timeout: 90_000,
}, async () => {
  // The person's microphone: a sentence, and time to hear the answer, over and over.
  const sentence = join(smoke.directory, 'sentence.wav');
  const voice = join(smoke.directory, 'voice.wav');
  execFileSync('espeak-ng', ['-v', 'en-us+f2', '-s', '140', '-w', sentence, 'count for me']);
  execFileSync('sox', [sentence, '-r', '48000', '-c', '1', voice, 'pad', '1', '6']);

  const run = smoke.startAlone('voice-agent', '--grammar');
  const link = await run.told(/open (http:\S+) in a browser/);
  browser = await chromium.launch({
    executablePath: browsers.find((path) => existsSync(path))!,
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${voice}`,
    ],
  });
  const page = await browser.newPage();
  await page.goto(link);
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('listitem', { name: 'Agent', exact: true }).waitFor({ state: 'attached' });
  const words = page.getByRole('log', { name: 'Captions' });
  // Word by word: the fifth is not there yet when the second is.
  await expect
    .poll(() => words.textContent({ timeout: 60_000 }), { timeout: 60_000, interval: 50 })
    .toMatch(/one, two,$/);
  await expect
    .poll(() => words.textContent(), { timeout: 20_000, interval: 50 })
    .toMatch(/one, two, three, four, five/);
  // In the middle of its answer.
  run.child.kill('SIGINT');
  expect(await run.ended(), run.said).toBe(0);
});
