import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph } from '@sluice/core';
import { findGaps, measureTone, peak } from '@sluice/core/testing';
import { fromTestPattern, fromTone, readTestPattern, toWavFile, toY4mFile } from '@sluice/nodes';
import { CallClient, Daily, type RoomServer, startRoomServer, toCamera, toMicrophone } from '@sluice/transport';
import { TcpRelay } from '@sluice/transport/testing';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from './until.ts';
import { openChromium, Visitor } from './visitor.ts';

const PAGE_HZ = 440;
const BOT_HZ = 660;
const size = { width: 640, height: 360, frameRate: 15 } as const;

let folder: string;
let browser: Browser;
let server: RoomServer;
let url: string;
let bot: CallClient;
const visitors: Visitor[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-page-'));
  const [microphone, camera] = [join(folder, 'tone.wav'), join(folder, 'pattern.y4m')];
  const devices = graph('devices');
  devices.from(fromTone({ frequency: PAGE_HZ, duration: 4, sampleRate: 48_000 })).to(toWavFile(microphone));
  devices.from(fromTestPattern({ ...size, duration: 4, format: 'I420' })).to(toY4mFile(camera));
  await devices.run();
  browser = await openChromium({ microphone, camera });
});
beforeEach(async () => {
  server = await startRoomServer();
  url = server.roomUrl('page');
  Daily.init();
  bot = new CallClient();
});
afterEach(async () => {
  for (const visitor of visitors.splice(0)) await visitor.close();
  await bot.release();
  await Daily.deinit();
  await server.close();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const visit = async (address = url) => {
  const visitor = await Visitor.open(browser, address);
  visitors.push(visitor);
  return visitor;
};
/** The bot with a tone and the test pattern. */
const perform = async () => {
  const microphone = Daily.createMicrophoneDevice('tone', { sampleRate: 48_000 });
  const camera = Daily.createCameraDevice('pattern', { ...size, colorFormat: 'I420' });
  const inputs = {
    microphone: { isEnabled: true, settings: { deviceId: 'tone' } },
    camera: { isEnabled: true, settings: { deviceId: 'pattern' } },
  };
  await bot.join(url, { userName: 'bot', clientSettings: { inputs } });
  const show = graph('show');
  show.from(fromTone({ frequency: BOT_HZ, sampleRate: 48_000 })).to(toMicrophone(microphone));
  show.from(fromTestPattern({ ...size, format: 'I420' })).to(toCamera(camera));
  await show.start();
  return show;
};
const others = () => Object.values(bot.participants()).filter(({ info }) => !info.isLocal);
const other = async () => {
  await until(() => others().length === 1);
  return others()[0]!;
};
/** The longest stretch, in windows of 100 ms, in which the bot hears nothing of somebody but a tone, without a gap. */
const listen = (id: string, frequency: number) => {
  const window = new Int16Array(4_800);
  let [filled, stretch, longest] = [0, 0, 0];
  const take = (samples: Int16Array) => {
    for (const sample of samples) {
      window[filled++] = sample;
      if (filled < window.length) continue;
      filled = 0;
      const tone = measureTone(window, 48_000, frequency);
      const clean = tone.snr > 20 && Math.abs(tone.frequency - frequency) < 1;
      stretch = clean && findGaps(window, { sampleRate: 48_000, minMs: 5 }).gaps.length === 0 ? stretch + 1 : 0;
      longest = Math.max(longest, stretch);
    }
  };
  bot.setAudioRenderer(id, (_, { samples }) => take(samples), { sampleRate: 48_000 });
  return () => longest;
};

test('a bot hears the page’s tone and reads the numbers of its camera', async () => {
  await bot.join(url);
  const visitor = await visit();
  await visitor.join('Ada', { microphone: true, camera: true });
  const { id, info } = await other();
  expect(info.userName).toBe('Ada');
  const clean = listen(id, PAGE_HZ);
  const numbers: number[] = [];
  bot.setVideoRenderer(
    id,
    (_, frame) => {
      const read = readTestPattern(frame);
      if (read !== undefined) numbers.push(read.frameNumber);
      frame.close();
    },
    { colorFormat: 'I420' },
  );
  await until(() => clean() >= 10 && numbers.length > 20, 30_000);
  // The file begins again after four seconds.
  const rising = numbers.filter((number, index) => index > 0 && number > numbers[index - 1]!).length;
  expect(rising).toBeGreaterThan(numbers.length * 0.6);
  expect(visitor.faults).toEqual([]);
});

test('the page hears a bot’s tone without gaps and shows its pictures', async () => {
  const show = await perform();
  const visitor = await visit();
  await visitor.join('Ada');
  await visitor.playing();
  let heard: Int16Array = new Int16Array(0);
  // Jitter buffers find their size meanwhile, and a busy machine may need another second.
  await until(async () => {
    heard = await visitor.hear(1_500);
    return peak(heard) > 2_000 && findGaps(heard, { sampleRate: 48_000 }).gaps.length === 0;
  }, 30_000);
  const tone = measureTone(heard.subarray(0, 12_000), 48_000, BOT_HZ);
  expect(tone.frequency).toBeCloseTo(BOT_HZ, -1);
  expect(tone.snr).toBeGreaterThan(20);
  const numbers: number[] = [];
  await until(async () => {
    const data = await visitor.see(size.width, size.height);
    const read = data.length === 0 ? undefined : readTestPattern({ ...size, format: 'RGBA', data });
    if (read !== undefined && read.frameNumber !== numbers.at(-1)) numbers.push(read.frameNumber);
    return numbers.length > 3;
  });
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  await show.stop();
});

test('chat goes both ways, somebody mutes and removes the person, and the page says so', async () => {
  await server.close();
  server = await startRoomServer({ tokens: (token) => (token === 'owner' ? { isOwner: true } : {}) });
  url = server.roomUrl('page');
  await bot.join(url, { token: 'owner', userName: 'bot' });
  const said: string[] = [];
  bot.on('chat-message', ({ text, userName }) => said.push(`${userName}: ${text}`));
  const visitor = await visit();
  await visitor.join('Ada', { microphone: true });
  const { id } = await other();
  await visitor.press('Chat');
  await visitor.page.getByRole('textbox', { name: /message/i }).fill('hello <b>bot</b>');
  await visitor.press('Send');
  await until(() => said.length === 1);
  expect(said).toEqual(['Ada: hello <b>bot</b>']);
  await bot.sendPrebuiltChatMessage('hello <i>Ada</i>');
  await visitor.page.getByText('hello <i>Ada</i>').waitFor();
  await bot.updateRemoteParticipants({ [id]: { inputsEnabled: { microphone: false } } });
  await visitor.page.getByRole('button', { name: 'Unmute', exact: true }).waitFor();
  await bot.ejectRemoteParticipants([id]);
  await visitor.page.getByText('You were removed from the room').waitFor();
  await until(() => others().length === 0);
});

test('who may send no more is off at once, the light of the camera too', async () => {
  await server.close();
  server = await startRoomServer({ tokens: (token) => (token === 'owner' ? { isOwner: true } : {}) });
  url = server.roomUrl('page');
  await bot.join(url, { token: 'owner' });
  const visitor = await visit();
  await visitor.join('Ada', { microphone: true, camera: true });
  const { id } = await other();
  await until(() => bot.participants()[id]?.media.microphone.state === 'playable');
  await bot.updateRemoteParticipants({ [id]: { permissions: { canSend: ['microphone'] } } });
  await visitor.page.getByRole('button', { name: 'Start camera', exact: true }).waitFor();
  await until(() => bot.participants()[id]?.media.camera.state === 'off');
  expect(bot.participants()[id]?.media.microphone.state).toBe('playable');
  expect(visitor.faults).toEqual([]);
});

test('a reload is another participant, and a second tab a third', async () => {
  await bot.join(url);
  const first = await visit();
  await first.join('Ada');
  const { id } = await other();
  await first.page.reload();
  await until(() => others().length === 0);
  await first.join('Ada again');
  const second = await visit();
  await second.join('Grace');
  await until(() => others().length === 2);
  expect(
    others()
      .map(({ info }) => info.userName)
      .sort(),
  ).toEqual(['Ada again', 'Grace']);
  expect(others().map((participant) => participant.id)).not.toContain(id);
  await first.page
    .getByRole('listitem', { name: 'Grace', exact: true })
    .or(first.page.getByText('Grace'))
    .first()
    .waitFor();
  expect(await first.page.title()).toBe('(3) page');
});

test('the sound goes on while the socket is cut, and the call while the server is started again', async () => {
  await perform();
  await using relay = await TcpRelay.open({ port: server.port });
  const visitor = await visit(`http://127.0.0.1:${relay.port}/page`);
  await visitor.join('Ada', { microphone: true });
  const { id } = await other();
  await until(() => bot.participants()[id]?.media.microphone.state === 'playable');
  // For as long as it takes to be seen: a busy machine looks at the page seldom.
  void relay.cut();
  await visitor.page
    .getByText(/Reconnecting/)
    .first()
    .waitFor();
  await until(async () => peak(await visitor.hear(300)) > 1_000, 20_000);
  relay.restore();
  const { port } = server;
  await server.close();
  server = await startRoomServer({ port });
  const names: string[] = [];
  bot.on('participant-updated', ({ participant }) => names.push(participant.info.userName));
  await until(() => bot.participants()[id]?.media.microphone.state === 'playable', 20_000);
  await until(async () => peak(await visitor.hear(300)) > 1_000, 20_000);
  // Muted here, seen there: the signalling works again.
  await visitor.press('Mute');
  await until(() => bot.participants()[id]?.media.microphone.state === 'off', 20_000);
});
