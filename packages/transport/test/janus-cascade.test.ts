import { realClock } from '@sluice/core';
import { expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { enterOneOf } from '../src/room/janus/cascade/enter-one-of.ts';
import { JanusClient } from '../src/room/janus/wire/janus-client.ts';
import type { RunningJanus } from '../src/testing/janus/start-janus.ts';
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

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** How many publish to a server, as it tells everybody who asks. */
async function publishersOf({ roomUrl }: RunningJanus): Promise<number> {
  const asking = await JanusClient.open({ url: new URL(roomUrl('hello')), clock: realClock });
  try {
    const handle = await asking.attach();
    const { data } = await handle.ask({ request: 'listparticipants', room: 'hello' }, 'to tell who is there');
    return (data.participants as { readonly id: string }[]).filter(({ id }) => !id.includes('~')).length;
  } finally {
    asking.close();
  }
}

test('those who come at once are spread over the servers, and nobody sees one leave for that', async () => {
  const servers = [await server(), await server()];
  const url = servers[0]!.roomUrl('hello', `?create&servers=127.0.0.1:${servers[1]!.port}`);
  const ada = client();
  const told: string[] = [];
  for (const event of ['participant-left', 'error'] as const) ada.on(event, () => told.push(event));
  await ada.join(url, inputs(false));
  const others = Array.from({ length: 5 }, client);
  await Promise.all(others.map((one) => one.join(url, inputs(false))));
  const everybody = [ada, ...others];
  await until(() => everybody.every((one) => Object.keys(one.participants()).length === everybody.length));
  // Until those have left their first server who were let in by another one.
  const counts = () => Promise.all(servers.map(publishersOf));
  await until(async () => (await counts()).reduce((sum, count) => sum + count) === everybody.length);
  // Some may have come in the same moment, and some after others.
  expect(Math.min(...(await counts()))).toBeGreaterThanOrEqual(2);
  expect(told).toEqual([]);
}, 30_000);

test('a server that dies while it lets somebody in is passed over', async () => {
  const servers = [await server(), await server()];
  const entered: string[] = [];
  const { client: last, where } = await enterOneOf({
    servers: servers.map(({ roomUrl }) => new URL(roomUrl('hello'))),
    room: 'hello',
    clock: realClock,
    signal: new AbortController().signal,
    open: ({ dial }) => JanusClient.open({ url: dial, clock: realClock }),
    enter: async (to) => {
      // The one that was chosen.
      const chosen =
        entered.length === 0 ? servers.toSorted((a, b) => (`${a.port}` < `${b.port}` ? -1 : 1))[0] : undefined;
      entered.push('tried');
      await chosen?.close('SIGKILL');
      await to.attach();
    },
    othersIn: () => 0,
  });
  last.close();
  expect(entered).toHaveLength(2);
  expect(servers.filter(({ pid }) => isAlive(pid)).map(({ port }) => `${port}`)).toEqual([where.url.port]);
}, 30_000);

test('who comes while a server dies is let in by another one, and hears those who were on it', async () => {
  const servers = [await server(), await server()];
  const url = servers[0]!.roomUrl('hello', `?create&servers=127.0.0.1:${servers[1]!.port}`);
  const ada = client();
  await ada.join(url, inputs('tone-440'));
  // Hers is the one that counts before the other where nobody is.
  const [hers, other] = servers.toSorted((a, b) => (`${a.port}` < `${b.port}` ? -1 : 1));
  await until(async () => (await publishersOf(hers!)) === 1);
  const grace = client();
  const mary = client();
  const joining = [grace.join(url, inputs(false)), mary.join(url, inputs(false))];
  await Promise.all([other!.close('SIGKILL'), ...joining]);
  const { id } = ada.participants().local;
  const heard = [listen(grace, id), listen(mary, id)];
  await until(() => heard.every(({ loudAt }) => loudAt > 0));
}, 30_000);

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

  // Each is on another one.
  expect(await Promise.all(servers.map(publishersOf))).toEqual([1, 1, 1]);
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

test('a server whose rooms are numbers is passed over and named; where all are, nobody joins', async () => {
  const named = await server();
  const numbers = [await server({ stringIds: false }), await server({ stringIds: false })];
  const [one, other] = numbers.map(({ port }) => `127.0.0.1:${port}`);
  const ada = client();
  const causes: unknown[] = [];
  ada.on('error', ({ error }) => causes.push(error.cause));
  for (const room of ['42', 'hello'])
    await expect(ada.join(numbers[0]!.roomUrl(room, `?create&servers=${other}`), inputs(false))).rejects.toMatchObject({
      code: 'SLUICE_ROOM_URL',
      message: expect.stringMatching(new RegExp(`${one} are numbers.*string_ids = true`)),
    });
  await ada.join(numbers[0]!.roomUrl('42', `?create&servers=127.0.0.1:${named.port}`), inputs(false));
  await until(() => causes.length > 0);
  expect(causes).toMatchObject([
    { code: 'SLUICE_ROOM_URL', message: expect.stringMatching(new RegExp(`${one} is passed over.*string_ids = true`)) },
  ]);
}, 30_000);

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
