import { expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { coloured, keepShowing, look } from './coloured-pictures.ts';
import { inputs, janusKit } from './janus-kit.ts';
import { until } from './until.ts';

const { server, client, closing } = janusKit();

/** Tells when somebody was heard last, on the clock of `performance`. */
function listen(to: CallClient, id: string) {
  const heard = { loudAt: 0 };
  to.setAudioRenderer(id, (_, { samples }) => {
    if (samples.some((sample) => sample > 3_000)) heard.loudAt = performance.now();
  });
  return heard;
}

test('over three servers everybody hears everybody, moves when one of them dies, and leaves', async () => {
  const servers = [await server(), await server(), await server()];
  const url = servers[0]!.roomUrl('hello', `?create&servers=${servers.map(({ port }) => `127.0.0.1:${port}`)}`);
  const clients = [client(), client(), client()];
  const told: string[] = [];
  for (const [n, one] of clients.entries()) {
    await one.join(url, { userName: `${n}`, ...inputs(`tone-${440 + 110 * n}`) });
    for (const event of ['participant-left', 'error', 'app-message'] as const)
      one.on(event, () => told.push(`${n} ${event}`));
  }
  const ids = clients.map((one) => one.participants().local.id);
  const pairs = clients.flatMap((one, n) =>
    ids.filter((_, m) => m !== n).map((id) => ({ one, id, heard: listen(one, id) })),
  );
  await until(() => pairs.every(({ heard }) => heard.loudAt > 0), 20_000);
  await clients[0]!.sendAppMessage('hello');
  await until(() => told.length === 2);
  expect(told.toSorted()).toEqual(['1 app-message', '2 app-message']);

  // The first client is on the first server: of three that were empty it was the first.
  await servers[0]!.close('SIGKILL');
  const killedAt = performance.now();
  await until(() => pairs.every(({ heard }) => heard.loudAt > killedAt + 2_000), 20_000);
  await clients[0]!.sendAppMessage('still here');
  await until(() => told.length === 4);
  expect(told.filter((what) => what.endsWith('app-message'))).toHaveLength(4);

  await clients[0]!.leave();
  await until(() => clients.slice(1).every((one) => Object.keys(one.participants()).length === 2));
  expect(told.slice(4).toSorted()).toEqual(['1 participant-left', '2 participant-left']);
}, 60_000);

test('pictures cross servers, for who comes later too, and after the camera was off', async () => {
  const servers = [await server(), await server()];
  const url = servers[0]!.roomUrl('hello', `?create&servers=127.0.0.1:${servers[1]!.port}`);
  Daily.init({ mediaHost: 'in-process' });
  closing.push(() => Daily.deinit());
  const [ada, grace, mary] = [new CallClient(), new CallClient(), new CallClient()];
  closing.push(...[ada, grace, mary].map((one) => () => one.release()));
  const camera = Daily.createCameraDevice('cam', { width: 160, height: 120 });
  const stop = keepShowing(camera, () => coloured('green'));
  closing.push(async () => stop());
  await ada.updateInputs({ camera: { isEnabled: true, settings: { deviceId: 'cam' } } });
  await ada.join(url);
  const { id } = ada.participants().local;
  // Of two servers the one that is empty.
  await grace.join(url);
  const seen = look(grace, id);
  await until(() => seen.last?.colour === 'green');
  await client().join(url, inputs(false));
  await mary.join(url);
  const later = look(mary, id);
  await until(() => later.last?.colour === 'green');
  await ada.updateInputs({ camera: false });
  await until(() => grace.participants()[id]?.media.camera.state === 'off');
  await ada.updateInputs({ camera: true });
  const before = seen.sights.length;
  await until(() => seen.sights.length > before + 5);
}, 30_000);

test('who is on another server chooses among the qualities that are sent at once', async () => {
  const servers = [await server(), await server()];
  const url = servers[0]!.roomUrl('hello', `?create&servers=127.0.0.1:${servers[1]!.port}`);
  Daily.init({ mediaHost: 'in-process' });
  closing.push(() => Daily.deinit());
  const [ada, grace] = [new CallClient(), new CallClient()];
  closing.push(...[ada, grace].map((one) => () => one.release()));
  const camera = Daily.createCameraDevice('cam', { width: 1_280, height: 720 });
  const picture = coloured('green', 1_280, 720);
  const timer = setInterval(() => camera.writeFrame(picture), 100);
  closing.push(async () => clearInterval(timer));
  await ada.updatePublishing({ camera: { sendSettings: { allowAdaptiveLayers: true } } });
  await ada.updateInputs({ camera: { isEnabled: true, settings: { deviceId: 'cam' } } });
  await ada.join(url);
  const { id } = ada.participants().local;
  await grace.join(url);
  const seen = look(grace, id);
  // What the engine has no time for becomes smaller as a whole.
  await until(() => (seen.last?.width ?? 0) > 640, 20_000);
  await grace.updateSubscriptions({
    [id]: { media: { camera: { subscriptionState: 'subscribed', settings: { maxQuality: 'low' } } } },
  });
  await until(() => (seen.last?.width ?? 0) <= 320, 20_000);
  expect(seen.last?.colour).toBe('green');
}, 60_000);

test('who does not know the secret of a room is told that its media stays on its server', async () => {
  const servers = [await server(), await server()];
  const others = `servers=127.0.0.1:${servers[1]!.port}`;
  await client().join(servers[0]!.roomUrl('hello', `?create&secret=hush&${others}`), inputs(false));
  const ada = client();
  const causes: unknown[] = [];
  ada.on('error', ({ error }) => causes.push(error.cause));
  await ada.join(servers[0]!.roomUrl('hello', `?${others}`), inputs('tone-440'));
  await until(() => causes.length > 0);
  expect(causes).toMatchObject([{ code: 'SLUICE_ROOM_TOKEN' }]);
  expect(ada.callState).toBe('joined');
}, 30_000);
