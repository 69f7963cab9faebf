import { realClock } from '@sluice/core';
import { ProbeListener, probeSamples, rawJanusSubscriber, writePaced } from '@sluice/transport/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { CustomVideoSource } from '../src/devices/custom/custom-video-source.ts';
import { CustomVideoTrack } from '../src/devices/custom/custom-video-track.ts';
import { currentDevices, hasCurrentDevices } from '../src/devices/registry.ts';
import { type RunningJanus, startJanus } from '../src/testing/janus/start-janus.ts';
import { coloured, keepShowing, look } from './coloured-pictures.ts';
import { until } from './until.ts';

const sampleRate = 48_000;
let janus: RunningJanus;
let rooms = 0;
const clients: CallClient[] = [];
const stops: (() => void)[] = [];

beforeAll(async () => {
  janus = await startJanus();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  for (const client of clients.splice(0)) await client.release();
  if (hasCurrentDevices()) await Daily.deinit();
});
afterAll(() => janus.close());

const create = () => {
  const client = new CallClient();
  clients.push(client);
  return client;
};
const idOf = (client: CallClient) => client.participants().local.id;

/** Two clients in a room of their own; the second one joins later. */
async function meet(mediaHost: 'in-process' | 'child' = 'in-process') {
  Daily.init({ mediaHost });
  const url = janus.roomUrl(`media-${++rooms}`);
  const [ada, grace] = [create(), create()];
  await ada.join(url, { userName: 'Ada' });
  return { ada, grace, url, id: idOf(ada) };
}

test('every frame of a coded sound is heard once, in its order', async () => {
  const { ada, grace, url, id } = await meet();
  const source = new CustomAudioSource(sampleRate, 1, { autoSilence: true });
  await ada.addCustomAudioTrack('probe', new CustomAudioTrack(source));
  const listener = new ProbeListener();
  grace.setAudioRenderer(
    id,
    (_, frame) => {
      listener.push(frame.samples, frame, realClock.now());
      frame.close();
    },
    { audioSource: 'probe', sampleRate, callbackIntervalMs: 10 },
  );
  await grace.join(url);
  await until(() => listener.heardMs > 200);
  await writePaced((slice) => void source.write(slice), probeSamples(150, { sampleRate }), sampleRate);
  await until(() => (listener.arrivals.at(-1)?.index ?? 0) > 147);
  expect(listener.report({ expected: { first: 50, end: 148 } })).toMatchObject({
    gaps: [],
    duplicates: 0,
    orderErrors: 0,
  });
});

test('a camera, a screen and a track of pictures are seen in their colours, and off and on again', async () => {
  const { ada, grace, url, id } = await meet();
  const size = { width: 160, height: 120 };
  const camera = Daily.createCameraDevice('cam', size);
  const slides = new CustomVideoSource(160, 120);
  await ada.updateInputs({ camera: { isEnabled: true, settings: { deviceId: 'cam' } } });
  await ada.addCustomVideoTrack('slides', new CustomVideoTrack(slides));
  stops.push(keepShowing(camera, () => coloured('green')));
  stops.push(keepShowing({ writeFrame: (frame) => void slides.writeFrame(frame) }, () => coloured('red')));
  await grace.join(url);
  const seen = look(grace, id);
  const slide = look(grace, id, { videoSource: 'slides' });
  await until(() => seen.last?.colour === 'green' && slide.last?.colour === 'red');
  const state = () => grace.participants()[id]?.media.camera.state;
  expect(state()).toBe('playable');
  await ada.updateInputs({ camera: false });
  await until(() => state() === 'off');
  await ada.updateInputs({ camera: true });
  await until(() => state() === 'playable');
  await ada.removeCustomVideoTrack('slides');
  await until(() => grace.participants()[id]?.media.customVideo.slides === undefined);
  const before = seen.sights.length;
  await until(() => seen.sights.length > before + 5);
});

test('messages to all and to one, chat, user data and names pass on the side channel, in their order', async () => {
  const { ada, grace, url, id } = await meet();
  ada.setUserData({ seat: 4 });
  const mary = create();
  const told: [string, ...unknown[]][] = [];
  for (const [name, client] of Object.entries({ grace, mary })) {
    client.on('app-message', ({ message, from }) => told.push([name, message, from === id]));
    client.on('chat-message', ({ text, userName }) => told.push([name, text, userName]));
    await client.join(url);
  }
  expect(mary.participants()[id]?.info).toMatchObject({ userName: 'Ada', userData: { seat: 4 } });
  await ada.sendAppMessage({ n: 1 });
  await ada.sendAppMessage({ n: 2 }, idOf(mary));
  await ada.sendPrebuiltChatMessage('hello');
  ada.setUserName('Ada Lovelace');
  await until(() => mary.participants()[id]?.info.userName === 'Ada Lovelace' && told.length === 5);
  expect(told.filter(([name]) => name === 'mary')).toEqual([
    ['mary', { n: 1 }, true],
    ['mary', { n: 2 }, true],
    ['mary', 'hello', 'Ada'],
  ]);
  const longest = `\ud800${'€'.repeat(1_362)}ab`;
  await ada.sendAppMessage(longest);
  await until(() => told.length === 7);
  expect(told.slice(-2).map(([, message]) => message)).toEqual([longest, longest]);
  await expect(ada.sendAppMessage(`${longest}c`)).rejects.toThrow(RangeError);
  await expect(ada.sendAppMessage('', '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
    code: 'SLUICE_ROOM_DENIED',
  });
  await expect(ada.startRecording()).rejects.toMatchObject({ code: 'SLUICE_CALL_CAPABILITY' });
});

test('sound comes back after the media host was killed, on both ends', async () => {
  const { ada, grace, url, id } = await meet('child');
  const source = new CustomAudioSource(sampleRate, 1, { autoSilence: true });
  await ada.addCustomAudioTrack('tone', new CustomAudioTrack(source));
  const tone = Int16Array.from({ length: 4_800 }, (_, n) => 10_000 * Math.sin((2 * Math.PI * 440 * n) / sampleRate));
  const timer = setInterval(() => source.queuedDuration < 300 && source.write(tone.slice()), 50);
  stops.push(() => clearInterval(timer));
  await grace.join(url);
  let loudAt = 0;
  grace.setAudioRenderer(
    id,
    (_, { samples }) => {
      if (samples.some((sample) => sample > 3_000)) loudAt = performance.now();
    },
    { audioSource: 'tone' },
  );
  await until(() => loudAt > 0);
  process.kill(currentDevices().host.pid, 'SIGKILL');
  const killedAt = performance.now();
  await until(() => loudAt > killedAt + 300);
  expect([ada.callState, grace.callState]).toEqual(['joined', 'joined']);
});

type Seen = { readonly sights: readonly { readonly width: number; readonly colour: string }[] };
/** Whether one sees pictures of a part of the width that the other sees: what the engine has no time for becomes smaller as a whole. */
const isPartOf = (parts: number, [part, whole]: readonly Seen[]) =>
  part!.sights.at(-1)!.width * parts === whole!.sights.at(-1)!.width;

test('qualities that are sent at once are chosen by each receiver', async () => {
  const { ada, grace, url, id } = await meet('child');
  const source = new CustomVideoSource(1_280, 720);
  await ada.updatePublishing({ customVideo: { stage: { sendSettings: { allowAdaptiveLayers: true } } } });
  await ada.addCustomVideoTrack('stage', new CustomVideoTrack(source));
  const picture = coloured('green', 1_280, 720);
  const timer = setInterval(() => source.writeFrame(picture), 100);
  stops.push(() => clearInterval(timer));
  const alan = create();
  for (const client of [grace, alan]) await client.join(url);
  const seen = [grace, alan].map((client) => look(client, id, { videoSource: 'stage' }));
  await until(() => seen.every(({ sights }) => sights.length > 5), 20_000);
  for (const [maxQuality, parts] of [
    ['low', 4],
    ['medium', 2],
    ['high', 1],
  ] as const) {
    const stage = { subscriptionState: 'subscribed', settings: { maxQuality } } as const;
    await grace.updateSubscriptions({ [id]: { media: { customVideo: { stage } } } });
    await until(() => isPartOf(parts, seen), 20_000);
  }
  expect(seen.map(({ sights }) => sights.at(-1)!.colour)).toEqual(['green', 'green']);
}, 90_000);

test('who only subscribes, and is no participant, hears and sees who is alone in the room', async () => {
  Daily.init({ mediaHost: 'child' });
  const url = janus.roomUrl(`media-${++rooms}`);
  const ada = create();
  const [sound, slides] = [new CustomAudioSource(sampleRate, 1), new CustomVideoSource(160, 120)];
  await ada.addCustomAudioTrack('voice', new CustomAudioTrack(sound));
  await ada.addCustomVideoTrack('slides', new CustomVideoTrack(slides));
  await ada.join(url);
  stops.push(keepShowing(slides, () => coloured('blue')));
  const timer = setInterval(() => void sound.write(new Int16Array(480).fill(1_000)), 10);
  stops.push(() => clearInterval(timer));
  let [heard, seen] = [0, 0];
  await until(async () => {
    // Nobody can be subscribed to before the server has its media.
    const viewer = await rawJanusSubscriber(url).catch(() => undefined);
    if (viewer === undefined) return false;
    stops.push(() => viewer.close());
    viewer.onAudio(() => heard++);
    viewer.onPicture(() => seen++);
    return viewer.kinds.includes('video');
  });
  await until(() => heard > 50 && seen > 10);
});
