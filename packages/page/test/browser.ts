import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where Debian and its descendants, and the usual installers, put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

export const devices = {
  /** A camera and a microphone that beeps, and a person who allows them. */
  fake: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  /** They are there, and nobody may use them. */
  denied: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'],
  none: ['--use-fake-ui-for-media-stream', '--disable-audio-input'],
} as const;

/** Starts Chromium without a window. `scripts/install-test-tools.sh` installs it. */
export async function startBrowser(flags: readonly string[] = devices.fake): Promise<Browser> {
  const executablePath = PLACES.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error(`Chromium is not installed: none of ${PLACES.join(', ')}`);
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/** What a page complained of: errors, and what its policy refused. */
export interface Complaints {
  readonly violations: string[];
  readonly errors: string[];
}

/** A page that somebody else has nothing of: no name that is kept, no cookie. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly complaints: Complaints }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const complaints: Complaints = { violations: [], errors: [] };
  await context.exposeBinding('tellViolation', (_source, violation: string) => complaints.violations.push(violation));
  await context.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    tellViolation(event.effectiveDirective + ' ' + event.blockedURI));`);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.errors.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, context, complaints };
}

/** Walks into a room as a person does. */
export async function join(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('textbox', { name: 'Your name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
}
