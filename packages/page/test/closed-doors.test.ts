import { mkdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createMeetingToken, meetingTokens, type RoomServer, startRoomServer } from '@sluice/transport';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { devices, join as joinRoom, openPage, startBrowser } from './browser.ts';

const pictures = join(import.meta.dirname, '../../../out/page');
const secret = 'a secret of thirty-two bytes or more';
const servers: RoomServer[] = [];

async function serve(options: Parameters<typeof startRoomServer>[0] = {}): Promise<RoomServer> {
  const server = await startRoomServer(options);
  servers.push(server);
  return server;
}

/** Tries to get in, and gives the heading of what is told. */
async function toldAt(page: Page, url: string, picture: string): Promise<string> {
  await page.goto(url);
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  const heading = page.getByRole('heading', { level: 1 });
  await page.locator('.told').waitFor();
  await page.screenshot({ path: join(pictures, `real-${picture}.png`) });
  // Who does not see it is told as well.
  expect(await heading.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  return (await heading.textContent()) ?? '';
}

let browser: Browser;
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await startBrowser();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => browser?.close());

describe('a door that is closed', () => {
  it('says so by its reason: token missing, invalid, for another room, not wanted', async () => {
    const audience = 'rooms.example';
    const closed = await serve({ tokens: meetingTokens({ secrets: [secret], audience }) });
    const { page } = await openPage(browser);
    const url = closed.roomUrl('hello');
    expect(await toldAt(page, url, 'no-token')).toBe('This room needs an invitation');
    expect(await toldAt(page, `${url}#token=none.such.token`, 'invalid-token')).toBe(
      'This invitation is not valid here',
    );
    // It stays neither in the address nor in the history.
    expect(page.url()).toBe(url);
    const other = await createMeetingToken({ secret, audience, room: 'another' });
    expect(await toldAt(page, `${url}#token=${other}`, 'other-room')).toBe('This invitation is not valid here');
    const open = await serve();
    const unwanted = `${open.roomUrl('hello')}#token=none.such.token`;
    expect(await toldAt(page, unwanted, 'token-unexpected')).toBe('This room takes no invitations');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
  });

  it('says so by its reason: token expired, room unknown, over, or not open yet', async () => {
    const audience = 'rooms.example';
    const hour = 3_600_000;
    const token = await createMeetingToken({ secret, audience, room: 'hello' });
    // The token is good for an hour.
    const later = await serve({
      tokens: meetingTokens({ secrets: [secret], audience, now: () => Date.now() + 2 * hour }),
    });
    const { page } = await openPage(browser);
    expect(await toldAt(page, `${later.roomUrl('hello')}#token=${token}`, 'token-expired')).toBe(
      'This invitation has expired',
    );
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const listed = await serve({
      roomCreation: 'listed',
      rooms: { over: { expiresAt: at(-hour) }, early: { opensAt: at(hour) } },
    });
    const told = (room: string) => toldAt(page, listed.roomUrl(room), room);
    expect(await told('unknown')).toBe('There is no such room');
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    expect(await told('over')).toBe('This room has closed');
    expect(await told('early')).toBe('This room is not open yet');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('lets in by a token, under the name that it has', async () => {
    const audience = 'rooms.example';
    const server = await serve({ tokens: meetingTokens({ secrets: [secret], audience }) });
    const token = await createMeetingToken({ secret, audience, room: 'hello', name: 'Grace', startVideoOff: true });
    const { page } = await openPage(browser);
    await page.goto(`${server.roomUrl('hello')}#token=${token}`);
    expect(await page.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('Grace');
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('button', { name: 'Start camera' }).waitFor();
    await page.getByRole('listitem', { name: 'Grace', exact: true }).waitFor({ state: 'attached' });
  });

  it('begins with camera and microphone off where the room says so, and holds to it where only the welcome tells', async () => {
    const rooms = { quiet: { startVideoOff: true, startAudioOff: true } };
    const open = await serve({ rooms });
    const { page } = await openPage(browser);
    await page.goto(open.roomUrl('quiet'));
    await page.getByText('Camera is off').waitFor();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await page.getByRole('button', { name: 'Start camera' }).click();
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    // What a person turned on themselves stays on.
    await page.getByRole('button', { name: 'Stop camera' }).waitFor();
    await page.getByRole('button', { name: 'Unmute', exact: true }).waitFor();

    const closed = await serve({ rooms, tokens: () => ({}) });
    const { page: second } = await openPage(browser);
    await second.goto(`${closed.roomUrl('quiet')}#token=any`);
    await second.getByRole('button', { name: 'Stop camera' }).waitFor();
    await second.getByRole('textbox', { name: 'Your name' }).fill('Grace');
    await second.getByRole('button', { name: 'Join', exact: true }).click();
    await second.getByRole('heading', { name: 'quiet' }).waitFor();
    await second.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    await second.getByRole('button', { name: 'Start camera' }).waitFor();
    await second.getByRole('button', { name: 'Unmute', exact: true }).waitFor();
  });

  it('says that a token in the query is written down by servers', async () => {
    const server = await serve();
    const { page } = await openPage(browser);
    await page.goto(`${server.roomUrl('hello')}?t=secret`);
    expect(await page.getByRole('heading').textContent()).toBe('The token stands in the wrong place');
    expect(page.url()).toBe(server.roomUrl('hello'));
  });

  it('says that the room is full, and lets in when somebody has left', async () => {
    const server = await serve({ maxParticipants: 1 });
    const { page: first } = await openPage(browser);
    await joinRoom(first, server.roomUrl('small'), 'Grace');
    const { page } = await openPage(browser);
    expect(await toldAt(page, server.roomUrl('small'), 'full')).toBe('The room is full');
    await first.getByRole('button', { name: 'Leave' }).click();
    expect(await first.getByRole('heading').textContent()).toBe('You left the call');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
  });

  it('says that no server answers', async () => {
    const server = await startRoomServer();
    const { page } = await openPage(browser);
    await page.goto(server.roomUrl('gone'));
    await page.getByRole('textbox', { name: 'Your name' }).fill('Ada');
    await server.close();
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('heading', { name: 'The room cannot be reached' }).waitFor();
  });

  it('asks for a name of a room where there is none', async () => {
    const server = await serve();
    const { page } = await openPage(browser);
    await page.goto(`${server.url}/no.room`);
    await page.getByRole('textbox', { name: 'Name of the room' }).fill('a room');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByRole('textbox').fill('a-room');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'a-room' }).waitFor();
  });
});

describe('devices', () => {
  it('that the browser does not give are named, and the person joins without', async () => {
    const server = await serve();
    const denying = await startBrowser(devices.denied);
    const { page } = await openPage(denying);
    await page.goto(server.roomUrl('hello'));
    await page.getByText('The browser was not allowed to use your microphone.').waitFor();
    await page.getByText('The browser was not allowed to use your camera.').waitFor();
    await page.screenshot({ path: join(pictures, 'real-denied.png') });
    await joinRoom(page, server.roomUrl('hello'), 'Ada');
    await denying.close();
  });

  it('that are not there are named', async () => {
    const server = await serve();
    const bare = await startBrowser(devices.none);
    const { page } = await openPage(bare);
    await page.goto(server.roomUrl('hello'));
    await page.getByText('No microphone was found.').waitFor();
    await page.getByText('No camera was found.').waitFor();
    await bare.close();
  });

  it('are not given to a page that came without TLS over a network, which says so', async () => {
    const lan = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    // A name that is not of this machine does as well, resolved to it.
    const host = lan ?? 'rooms.example';
    const flags = [...devices.fake, '--host-resolver-rules=MAP rooms.example 127.0.0.1'];
    const server = await serve({ host: '0.0.0.0', insecure: true });
    const far = await startBrowser(flags);
    const { page } = await openPage(far);
    await page.goto(`http://${host}:${server.port}/hello`);
    await page.getByText('Browsers give camera and microphone only to secure pages.').waitFor();
    expect(await page.getByText('Browsers give camera').count()).toBe(1);
    await page.screenshot({ path: join(pictures, 'real-insecure.png') });
    await joinRoom(page, `http://${host}:${server.port}/hello`, 'Ada');
    await far.close();
  });
});
