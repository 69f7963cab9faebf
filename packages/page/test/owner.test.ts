import { type RoomRecorder, type RoomServer, startRoomServer } from '@sluice/transport';
import { TcpRelay } from '@sluice/transport/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { axeFaults } from './axe.ts';
import { join, openPage, startBrowser } from './browser.ts';

/** Writes nothing. */
const recorder: RoomRecorder = async () => {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { update: async () => {}, stop: async () => end(), ended };
};

let browser: Browser;
let server: RoomServer;
beforeAll(async () => {
  browser = await startBrowser();
});
beforeEach(async () => {
  server = await startRoomServer({
    tokens: (token) => (token === 'owner' ? { isOwner: true } : {}),
    rooms: { hall: { startVideoOff: true }, lobby: { startVideoOff: true, knocking: true } },
    recorder,
  });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await server.close();
});
afterAll(() => browser?.close());

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** Somebody at the page of a room; inside it, unless they have to wait. */
async function arrive(room: string, name: string, token?: string): Promise<Page> {
  const { page } = await openPage(browser);
  const url = `${server.roomUrl(room)}${token === undefined ? '' : `#token=${token}`}`;
  await join(page, url, name);
  return page;
}
async function knock(name: string): Promise<Page> {
  const { page } = await openPage(browser);
  await page.goto(server.roomUrl('lobby'));
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await button(page, 'Join').click();
  return page;
}
/** What is read aloud. */
const hears = (page: Page, words: string, role: 'status' | 'alert' = 'status') =>
  page.getByRole(role).filter({ hasText: words }).first().waitFor({ state: 'attached' });
const told = (page: Page, title: string) => page.getByRole('heading', { level: 1, name: title }).waitFor();

describe('an owner', () => {
  it('mutes, records and removes; the others see it and hear it read, and cannot do it', async () => {
    const ada = await arrive('hall', 'Ada', 'owner');
    const grace = await arrive('hall', 'Grace');
    const alan = await arrive('hall', 'Alan');
    await button(ada, 'People').click();
    await button(alan, 'People').click();
    await alan.getByRole('listitem', { name: 'Grace', exact: true }).waitFor();
    const powers = /^(Mute for all|Remove|Record|Transcribe)/;
    expect(await alan.getByRole('button', { name: powers }).count()).toBe(0);

    await button(ada, 'Mute for all: Grace').click();
    await button(grace, 'Unmute').waitFor();
    await hears(grace, 'Your microphone is off.');
    for (const page of [ada, alan])
      await page.getByRole('figure', { name: 'Grace' }).getByRole('img', { name: 'microphone off' }).waitFor();
    // Only the person turns it on again.
    await button(ada, 'Mute for all: Grace').waitFor({ state: 'detached' });
    await button(grace, 'Unmute').click();
    await button(ada, 'Mute for all: Grace').waitFor();

    await button(ada, 'Record').click();
    for (const page of [ada, grace, alan]) {
      await page.getByText('Recording', { exact: true }).waitFor();
      await hears(page, 'This call is being recorded.');
    }
    expect(await axeFaults(ada)).toEqual([]);
    await button(ada, 'Stop recording').click();
    for (const page of [grace, alan]) {
      await page.getByText('Recording', { exact: true }).waitFor({ state: 'detached' });
      await hears(page, 'Recording stopped.');
    }

    await button(ada, 'Remove Grace').click();
    await told(grace, 'You were removed from the room');
    expect(await grace.evaluate('document.activeElement.textContent')).toBe('You were removed from the room');
    expect(await button(grace, 'Try again').count()).toBe(0);
    await hears(alan, 'Grace left.');
    expect(await alan.getByRole('listitem', { name: 'Grace', exact: true }).count()).toBe(0);
  });

  it('lets in and turns away who waits, who is told so', async () => {
    const ada = await arrive('lobby', 'Ada', 'owner');
    const guest = await arrive('lobby', 'Guest', 'guest');
    const wanda = await knock('Wanda');
    await hears(wanda, 'Somebody inside has to let you in. Please wait.');
    await hears(ada, 'Wanda waits to be let in.');
    await button(ada, 'People').click();
    await button(guest, 'People').click();
    expect(await guest.getByText('Wanda').count()).toBe(0);
    await button(ada, 'Let in Wanda').click();
    await button(wanda, 'Leave').waitFor();
    for (const page of [ada, guest]) await hears(page, 'Wanda joined.');

    const walter = await knock('Walter');
    await button(ada, 'Turn away Walter').click();
    await told(walter, 'You were not let in');
    await button(walter, 'Try again').click();
    await button(walter, 'Join').click();
    await hears(walter, 'Somebody inside has to let you in. Please wait.');
    await button(ada, 'Let in Walter').waitFor();
    // Who gives up does not wait any more.
    await walter.close();
    await button(ada, 'Let in Walter').waitFor({ state: 'detached' });
  });
});

describe('a call', () => {
  it('whose server is not heard says so, aloud as well, until it is heard again', async () => {
    await using relay = await TcpRelay.open({ port: server.port });
    const { page } = await openPage(browser);
    await join(page, `http://127.0.0.1:${relay.port}/hall#token=guest`, 'Ada');
    const cut = relay.cut(1_000);
    await page.getByText('The server is not heard. Reconnecting…').first().waitFor();
    await hears(page, 'Reconnecting', 'alert');
    await cut;
    await page.locator('.banner').waitFor({ state: 'detached' });
    expect(await page.getByRole('alert').textContent()).toBe('');
  });

  it('whose room or invitation ends says which', async () => {
    const key = 'k'.repeat(32);
    await server.close();
    server = await startRoomServer({
      apiKeys: [{ key, tenant: 'acme' }],
      tokens: (token) => (token === 'short' ? { expiresAt: Date.now() + 2_500, ejectAtExpiry: true } : {}),
    });
    const rest = (method: string, path: string, body: object) =>
      fetch(`${server.url}/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await rest('POST', '/rooms', { name: 'brief' })).ok).toBe(true);
    const ada = await arrive('brief', 'Ada');
    const expiry = { expiresAt: new Date(Date.now() + 500).toISOString(), ejectAtExpiry: true };
    expect((await rest('PATCH', '/rooms/brief', { properties: expiry })).ok).toBe(true);
    await told(ada, 'This room has closed');

    const grace = await arrive('other', 'Grace', 'short');
    await told(grace, 'This invitation has expired');
  });
});
