import { videoFramePool } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { CustomVideoSource } from '../src/devices/custom/custom-video-source.ts';
import { CustomVideoTrack } from '../src/devices/custom/custom-video-track.ts';
import { currentDevices, hasCurrentDevices } from '../src/devices/registry.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { impair } from '../src/testing/impair.ts';
import { coloured, keepShowing, look } from './coloured-pictures.ts';
import { until } from './until.ts';

let server: RoomServer;
let rooms = 0;
let openBefore = 0;
const clients = new Set<CallClient>();
const stops = new Set<() => void>();

beforeEach(async () => {
  openBefore = videoFramePool.stats.openBuffers;
  server = await startRoomServer();
});
afterEach(async () => {
  for (const stop of stops) stop();
  stops.clear();
  for (const client of clients) await client[Symbol.asyncDispose]();
  clients.clear();
  if (hasCurrentDevices()) await Daily.deinit();
  await server.close();
  expect(videoFramePool.stats.openBuffers).toBe(openBefore);
});

const create = () => {
  const client = new CallClient();
  clients.add(client);
  return client;
};
const room = () => server.roomUrl(`video-${++rooms}`);
const camera = (deviceId: string) => ({ inputs: { camera: { isEnabled: true, settings: { deviceId } } } });
const code = (code: string) => expect.objectContaining({ code });
const idOf = (client: CallClient) => client.participants().local.id;
const size = { width: 160, height: 120 };
const showing = (...args: Parameters<typeof keepShowing>) => stops.add(keepShowing(...args));

/** Ada shows a camera to Grace. */
async function meet(mediaHost: 'in-process' | 'child' = 'in-process') {
  Daily.init({ mediaHost });
  const device = Daily.createCameraDevice('cam', size);
  const [ada, grace, url] = [create(), create(), room()];
  await ada.join(url, { clientSettings: camera('cam') });
  await grace.join(url);
  const id = idOf(ada);
  return { device, ada, grace, url, id };
}

describe.each(['in-process', 'child'] as const)('a camera, engine %s', (mediaHost) => {
  test('who comes late sees a picture that was written once, before anybody joined', async () => {
    Daily.init({ mediaHost });
    const device = Daily.createCameraDevice('cam', size);
    device.writeFrame(coloured('green'));
    const [ada, grace, url] = [create(), create(), room()];
    await ada.join(url, { clientSettings: camera('cam') });
    await grace.join(url);
    const seen = look(grace, idOf(ada));
    await until(() => seen.last?.colour === 'green');
    expect(seen.last).toMatchObject(size);
    expect(grace.participants()[idOf(ada)]?.media.camera).toMatchObject({
      state: 'playable',
      subscribed: 'subscribed',
    });
    const late = create();
    await late.join(url);
    const seenLate = look(late, idOf(ada));
    await until(() => seenLate.last?.colour === 'green');
    expect(device.counters.written).toBe(1);
  });

  test('two clients send one camera, which converts each picture once', async () => {
    const { device, ada, grace, url, id } = await meet(mediaHost);
    const mary = create();
    await mary.join(url, { clientSettings: camera('cam') });
    showing(device, () => coloured('blue'));
    const [a, b] = [look(grace, id), look(grace, idOf(mary))];
    await until(() => a.last?.colour === 'blue' && b.last?.colour === 'blue');
    await ada.leave();
    expect(await b.during(500)).not.toEqual([]);
    const { written, sent, dropped, unseen } = device.counters;
    expect(sent + dropped + unseen).toBeGreaterThanOrEqual(written - 1);
  });
});

test('pictures keep coming when the media host is killed', async () => {
  const { device, grace, id } = await meet('child');
  showing(device, () => coloured('blue'));
  const seen = look(grace, id);
  await until(() => seen.last?.colour === 'blue');
  const restarted = new Promise<void>((resolve) => {
    grace.on('network-connection', ({ kind }) => kind === 'engine' && resolve());
  });
  process.kill(currentDevices().host.pid, 'SIGKILL');
  await restarted;
  const before = seen.sights.length;
  await until(() => seen.sights.length > before + 20);
});

test('a still picture is there again after the media host was killed', async () => {
  const { device, grace, id } = await meet('child');
  device.writeFrame(coloured('red'));
  const seen = look(grace, id);
  await until(() => seen.last?.colour === 'red');
  const restarted = new Promise<void>((resolve) => {
    grace.on('network-connection', ({ kind }) => kind === 'engine' && resolve());
  });
  process.kill(currentDevices().host.pid, 'SIGKILL');
  await restarted;
  const before = seen.sights.length;
  await until(() => seen.sights.length > before);
});

test('a camera may be made and chosen after joining, turned off and on, and destroyed', async () => {
  Daily.init({ mediaHost: 'in-process' });
  const [ada, grace, url] = [create(), create(), room()];
  await ada.join(url);
  await grace.join(url);
  const seen = look(grace, idOf(ada));
  const state = () => grace.participants()[idOf(ada)]?.media.camera.state;
  expect(state()).toBe('off');
  const device = Daily.createCameraDevice('cam', size);
  await ada.updateInputs({ camera: { isEnabled: true, settings: { deviceId: 'cam' } } });
  showing(device, () => coloured('red'));
  await until(() => seen.last?.colour === 'red');
  await until(() => state() === 'playable');
  await ada.updateInputs({ camera: false });
  await until(() => state() === 'off');
  await ada.updateInputs({ camera: true });
  const before = seen.sights.length;
  await until(() => seen.sights.length > before + 5);
  for (const stop of stops) stop();
  Daily.destroyDevice('cam');
  await until(() => state() === 'off');
});

test('a custom video track is added, swapped for one of another size, and removed, by its name', async () => {
  const { ada, grace, id } = await meet();
  const small = new CustomVideoSource(160, 120);
  const large = new CustomVideoSource(320, 240);
  small.writeFrame(coloured('red'));
  large.writeFrame(coloured('blue', 320, 240));
  const seen = look(grace, id, { videoSource: 'slides' });
  await ada.addCustomVideoTrack('slides', new CustomVideoTrack(small));
  await until(() => seen.last?.colour === 'red');
  expect(seen.last).toMatchObject(size);
  expect(grace.participants()[id]?.media.customVideo.slides?.state).toBe('playable');
  await expect(ada.addCustomVideoTrack('slides', new CustomVideoTrack(small))).rejects.toThrow(
    code('SLUICE_CALL_TRACK'),
  );
  await ada.updateCustomVideoTrack('slides', new CustomVideoTrack(large));
  await until(() => seen.last?.colour === 'blue');
  expect(seen.last).toMatchObject({ width: 320, height: 240 });
  await ada.removeCustomVideoTrack('slides');
  await until(() => grace.participants()[id]?.media.customVideo.slides === undefined);
  await expect(ada.removeCustomVideoTrack('slides')).rejects.toThrow(code('SLUICE_CALL_TRACK'));
});

test('twelve custom tracks at once; a thirteenth is refused', async () => {
  const { ada, grace, id } = await meet('child');
  const source = new CustomVideoSource(160, 120);
  source.writeFrame(coloured('blue'));
  const names = Array.from({ length: 12 }, (_, number) => `track ${number}`);
  const seen = names.map((videoSource) => look(grace, id, { videoSource }));
  for (const name of names) await ada.addCustomVideoTrack(name, new CustomVideoTrack(source));
  await until(() => seen.every(({ last }) => last?.colour === 'blue'));
  await expect(ada.addCustomVideoTrack('one more', new CustomVideoTrack(source))).rejects.toThrow(
    code('SLUICE_CALL_TRACK'),
  );
  expect(grace.callState).toBe('joined');
});

test('a custom track is shown as screenVideo beside the camera, and is subscribed to apart from it', async () => {
  const { device, ada, grace, id } = await meet();
  const screen = new CustomVideoSource(160, 120, 'RGBA', { screen: true });
  const { id: trackId } = new CustomVideoTrack(screen);
  await ada.updateInputs({ screenVideo: { isEnabled: true, settings: { customTrack: { id: trackId } } } });
  device.writeFrame(coloured('green'));
  screen.writeFrame(coloured('blue'));
  const [face, slides] = [look(grace, id), look(grace, id, { videoSource: 'screenVideo' })];
  await until(() => face.last?.colour === 'green' && slides.last?.colour === 'blue');
  await grace.updateSubscriptions({ [id]: { media: { screenVideo: 'unsubscribed' } } });
  expect(grace.participants()[id]?.media.screenVideo).toMatchObject({
    state: 'receivable',
    subscribed: 'unsubscribed',
  });
  await slides.during(300);
  showing(screen, () => coloured('red'));
  expect(await slides.during(600)).toEqual([]);
  await grace.updateSubscriptions({ [id]: { media: { screenVideo: 'subscribed' } } });
  await until(() => slides.last?.colour === 'red');
});

test('codecs: VP8, VP9 and AV1 are sent, H264 and H265 are refused by name', async () => {
  const { device, ada, grace, id } = await meet();
  showing(device, () => coloured('blue'));
  const seen = look(grace, id);
  for (const preferredCodec of ['VP9', 'AV1', 'VP8'] as const) {
    await ada.updatePublishing({ camera: { sendSettings: { preferredCodec } } });
    const before = seen.sights.length;
    await until(() => seen.sights.length > before + 10);
    await until(async () => (await grace.networkStats()).videoCodecs.join() === preferredCodec);
  }
  for (const preferredCodec of ['H264', 'H265'] as const)
    await expect(ada.updatePublishing({ camera: { sendSettings: { preferredCodec } } })).rejects.toThrow(
      code('SLUICE_CALL_CODEC'),
    );
  expect(ada.publishing().camera.sendSettings?.preferredCodec).toBe('VP8');
});

test('a subscription may want less: maxQuality', async () => {
  const { device, grace, id } = await meet();
  showing(device, () => coloured('green'));
  const seen = look(grace, id);
  await until(() => seen.last?.width === 160);
  await grace.updateSubscriptions({
    [id]: { media: { camera: { subscriptionState: 'subscribed', settings: { maxQuality: 'low' } } } },
  });
  await until(() => seen.last?.width === 40);
  await grace.updateSubscriptions({
    [id]: { media: { camera: { subscriptionState: 'subscribed', settings: { maxQuality: 'high' } } } },
  });
  await until(() => seen.last?.width === 160);
});

test.each(['VP8', 'VP9', 'AV1'] as const)(
  'pictures of odd and tiny sizes arrive in their own size as %s',
  async (codec) => {
    const { ada, grace, id } = await meet('child');
    for (const [width, height] of [
      [161, 121],
      [3, 5],
      [1, 1],
    ] as const) {
      const source = new CustomVideoSource(width, height);
      const name = `${width} ${height}`;
      await ada.updatePublishing({ customVideo: { [name]: { sendSettings: { preferredCodec: codec } } } });
      await ada.addCustomVideoTrack(name, new CustomVideoTrack(source));
      const seen = look(grace, id, { videoSource: name });
      const picture = coloured('red', width, height);
      showing(source, () => picture);
      await until(() => seen.last?.colour === 'red');
      expect(seen.last).toMatchObject({ width, height });
    }
  },
);

test('pictures are seen through loss, and come back after a cut', async () => {
  Daily.init({ mediaHost: 'in-process' });
  const device = Daily.createCameraDevice('cam', size);
  const [ada, grace, url] = [create(), create(), room()];
  const path = await impair(ada, { seed: 7, loss: 0.05 });
  await ada.join(url, { clientSettings: camera('cam') });
  await grace.join(url);
  let colour: 'red' | 'blue' = 'red';
  showing(device, () => coloured(colour));
  const seen = look(grace, idOf(ada));
  await until(() => seen.sights.length > 30);
  await path.cut(3_000);
  colour = 'blue';
  await until(() => seen.last?.colour === 'blue');
  await ada.leave();
  path.close();
});

test('a second call with the same camera; pictures under way when it is left', async () => {
  const { device, ada, grace, url, id } = await meet();
  showing(device, () => coloured('red'));
  const seen = look(grace, id);
  await until(() => seen.last?.colour === 'red');
  await ada.leave();
  await until(() => grace.participants()[id] === undefined);
  expect(await seen.during(200)).toEqual([]);
  await ada.join(url);
  const again = look(grace, idOf(ada));
  await until(() => again.last?.colour === 'red');
  await Promise.all([grace.leave(), ada.leave()]);
});

test('renderers: early, replaced, unset, for somebody unknown; times never go back', async () => {
  const { device, ada, grace, id } = await meet();
  showing(device, () => coloured('green'));
  const first = look(grace, id);
  await until(() => first.sights.length > 5);
  const second = look(grace, id);
  await until(() => second.sights.length > 5);
  expect(await first.during(200)).toEqual([]);
  const times = second.sights.map(({ timestamp }) => timestamp);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  second.stop();
  expect(await second.during(300)).toEqual([]);
  const nobody = look(grace, 'nobody');
  await ada.leave();
  const gone = look(grace, id);
  expect(await gone.during(200)).toEqual([]);
  expect(nobody.sights).toEqual([]);
});
