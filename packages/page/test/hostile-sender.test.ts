import { createId, createSecret, PROTOCOL } from '@sluice/protocol';
import { type RoomServer, startRoomServer } from '@sluice/transport';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { join, openPage, startBrowser } from './browser.ts';

let browser: Browser;
let server: RoomServer;
beforeAll(async () => {
  browser = await startBrowser();
});
beforeEach(async () => {
  server = await startRoomServer({
    tokens: (token) => (token === 'listener' ? { permissions: { canSend: false } } : {}),
  });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await server.close();
});
afterAll(() => browser?.close());

/**
 * Runs in a page as text: joins with a socket of its own and sends the first participant two tracks, asked or not, and its
 * sound once more without a name, whatever is answered. It says what the room was told that it has, and gives back how many packets left.
 */
const sender = `async ({ url, join, end }) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const connection = new RTCPeerConnection();
  const socket = new WebSocket(url);
  const link = { from: end };
  let victim = '';
  const relay = (body) => socket.send(JSON.stringify({ type: 'relay', to: victim, body: { link, ...body } }));
  connection.onicecandidate = ({ candidate }) => {
    if (!candidate?.candidate) return;
    const { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    relay({ kind: 'candidate', candidate: { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } });
  };
  socket.onopen = () => socket.send(JSON.stringify(join));
  socket.onmessage = async ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === 'refused') throw new Error(message.message);
    if (message.type === 'welcome') {
      victim = message.participants[0].id;
      const [sound] = stream.getAudioTracks();
      for (const track of [...stream.getTracks(), sound.clone()]) connection.addTransceiver(track, { direction: 'sendonly' });
      await connection.setLocalDescription();
      const { sdp } = connection.localDescription;
      const kinds = { audio: 'microphone', video: 'camera' };
      const named = connection.getTransceivers().slice(0, 2);
      const tracks = named.map(({ mid, sender }) => ({ mid, name: kinds[sender.track.kind] }));
      relay({ kind: 'description', exchange: 1, description: { type: 'offer', sdp, tracks } });
    } else if (message.type === 'relay' && message.body.kind === 'description') {
      const { type, sdp } = message.body.description;
      await connection.setRemoteDescription({ type, sdp: sdp.replace(/^a=inactive/gm, 'a=recvonly') });
    } else if (message.type === 'relay' && message.body.kind === 'candidate') {
      await connection.addIceCandidate(message.body.candidate);
    }
  };
  globalThis.sent = async () => {
    const all = [...(await connection.getStats()).values()];
    const out = (kind) => all.filter((report) => report.type === 'outbound-rtp' && report.kind === kind);
    const of = (kind) => Math.min(...out(kind).map(({ packetsSent }) => packetsSent));
    return connection.connectionState === 'connected' ? [of('audio'), of('video')] : [0, 0];
  };
}`;

/** Lets Mallory in and send. Resolves when a second of sound and some pictures have left. */
async function send(token: string, tracks: readonly object[]): Promise<Page> {
  // An address of the same origin; its own policy would let the script reach no server.
  const { page } = await openPage(browser, { bypassCSP: true });
  await page.goto(`${server.url}/healthz`);
  const url = server.roomUrl('hall').replace('http', 'ws');
  const message = { type: 'join', protocol: PROTOCOL, identity: createSecret(), userName: 'Mallory', token, tracks };
  await page.evaluate(`(${sender})(${JSON.stringify({ url, join: message, end: createId() })})`);
  const least = async () => Math.min(...(await page.evaluate<number[]>('sent()')));
  await expect.poll(least, { timeout: 15_000 }).toBeGreaterThan(20);
  return page;
}

const both = ['microphone', 'camera'].map((name) => ({ name, enabled: true, continuous: false, ignoreLevel: false }));
const heard = (page: Page) => page.evaluate<number>(`document.querySelectorAll('audio').length`);
const shown = (page: Page) => page.getByRole('figure', { name: 'Mallory' }).locator('video').count();

/** Of each track of sound that comes, whether anything of it was decoded. */
const decoded = (page: Page) =>
  page.evaluate<boolean[]>(`(async () => {
    const all = await Promise.all(globalThis.connections.map((one) => one.getStats()));
    const sounds = all.flatMap((report) => [...report.values()]).filter(({ kind }) => kind === 'audio');
    return sounds.filter(({ type }) => type === 'inbound-rtp').map((one) => one.totalSamplesReceived > 0);
  })()`);

async function victim(): Promise<Page> {
  const { page } = await openPage(browser);
  await page.addInitScript(`globalThis.connections = [];
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...options) {
        super(...options);
        connections.push(this);
      }
    };`);
  await join(page, `${server.roomUrl('hall')}#token=any`, 'Ada');
  return page;
}

it('who may send is heard and seen by the same means, and what it sends without a name is not decoded', async () => {
  const page = await victim();
  await send('any', both);
  await expect.poll(() => heard(page), { timeout: 10_000 }).toBe(1);
  await expect.poll(() => shown(page), { timeout: 10_000 }).toBe(1);
  expect((await decoded(page)).filter((some) => some)).toHaveLength(1);
});

it.each([
  ['may send nothing, and announces it', 'listener', both],
  ['announces nothing', 'any', []],
])('who %s is neither heard nor shown, though media arrives', async (_, token, tracks) => {
  const page = await victim();
  await send(token, tracks);
  await page.getByRole('figure', { name: 'Mallory' }).waitFor();
  expect([await heard(page), await shown(page)]).toEqual([0, 0]);
  expect(await page.getByRole('figure').count()).toBe(2);
});
