import { createSocket, type Socket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import type { IceConfig } from '../src/call/ice-config.ts';
import { installCandidateFilter } from '../src/room/media-path.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { createTestDevices, type TestDevices } from './peers/test-devices.ts';
import { hasTurnServer, startTurnServer, type TurnServer } from './turn-server.ts';
import { until } from './until.ts';

const RATE = 48_000;
const WINDOW = 9_600;

let server: RoomServer;
let devices: TestDevices[] = [];
const clients = new Set<CallClient>();

beforeEach(async () => {
  server = await startRoomServer();
  devices = [];
});
afterEach(async () => {
  for (const client of clients) await client[Symbol.asyncDispose]();
  clients.clear();
  for (const made of devices) await made.close();
  await server.close();
});

interface Side {
  readonly client: CallClient;
  readonly id: string;
  /** Types of the candidates that left. */
  readonly kinds: Set<string>;
  /** What was told, in its order: codes of errors, and `heard` once. */
  readonly told: string[];
  readonly messages: string[];
  readonly heard: number[];
}

/** In the room, playing a tone. */
const enter = async (url: string, tone: number, ice: IceConfig | null): Promise<Side> => {
  const own = createTestDevices();
  devices.push(own);
  const client = new CallClient({ devices: own });
  clients.add(client);
  const kinds = new Set<string>();
  installCandidateFilter(client, ({ candidate, direction }) => {
    if (direction === 'outgoing') kinds.add(/ typ (\w+)/.exec(candidate.candidate)?.[1] ?? '');
    return candidate;
  });
  const side: Side = { client, id: '', kinds, told: [], messages: [], heard: [] };
  client.on('error', ({ error, message }) => {
    side.told.push(error.code);
    side.messages.push(message);
  });
  await client.setIceConfig(ice);
  const inputs = { microphone: { isEnabled: true, settings: { deviceId: `tone-${tone}` } } };
  await client.join(url, { clientSettings: { inputs } });
  return Object.assign(side, { id: client.participants().local.id });
};

/** Keeps the newest 200 ms of what a side hears of another. */
const listen = (side: Side, other: Side) =>
  side.client.setAudioRenderer(
    other.id,
    (_, { samples }) => {
      const int16 = samples as Int16Array;
      if (!side.told.includes('heard') && int16.some((sample) => Math.abs(sample) > 1_000)) side.told.push('heard');
      side.heard.push(...int16);
      side.heard.splice(0, side.heard.length - WINDOW);
    },
    { sampleRate: RATE },
  );

/** Power of a tone against all the rest, in decibels. */
const toneDb = (samples: readonly number[], hz: number): number => {
  let [re, im, power] = [0, 0, 0];
  samples.forEach((sample, at) => {
    re += sample * Math.cos((2 * Math.PI * hz * at) / RATE);
    im += sample * Math.sin((2 * Math.PI * hz * at) / RATE);
    power += sample * sample;
  });
  const tone = (2 * (re * re + im * im)) / samples.length;
  return 10 * Math.log10(tone / Math.max(power - tone, 1));
};
const hears = (side: Side, hz: number) => until(() => side.heard.length === WINDOW && toneDb(side.heard, hz) > 20);

const meet = async (ice: IceConfig | null, url = server.roomUrl('relayed')) => {
  const ada = await enter(url, 440, ice);
  const grace = await enter(url, 1_000, ice);
  await listen(ada, grace);
  await listen(grace, ada);
  return { ada, grace };
};

describe.runIf(hasTurnServer || process.env.CI === 'true')('through coturn', () => {
  let turn: TurnServer;
  const relay = (more: Partial<IceConfig['iceServers'][number]> = {}, query = ''): IceConfig => ({
    iceServers: [{ urls: `turn:127.0.0.1:${turn.port}${query}`, username: 'ada', credential: 'secret', ...more }],
    iceTransportPolicy: 'relay',
  });
  beforeEach(async () => {
    turn = await startTurnServer();
  });
  afterEach(() => turn.stop());

  test.each(['?transport=udp', '?transport=tcp'])('two clients hear each other by relays alone, %s', async (query) => {
    const { ada, grace } = await meet(relay({}, query));
    await hears(ada, 1_000);
    await hears(grace, 440);
    expect(new Set([...ada.kinds, ...grace.kinds])).toEqual(new Set(['relay']));
    expect(ada.told).toEqual(['heard']);
  });

  test('a wrong credential is told with the server, and without the credential', async () => {
    const { ada } = await meet(relay({ credential: 'not-the-secret' }));
    await until(() => ada.told.length > 0);
    expect(ada.told).toEqual(['SLUICE_CALL_RELAY']);
    expect(ada.messages[0]).toContain(`turn:127.0.0.1:${turn.port}`);
    expect(ada.messages[0]).toContain('401');
    expect(ada.messages[0]).not.toContain('not-the-secret');
  });

  test('a relay that dies in the call: setIceConfig(null) brings media back', async () => {
    const { ada, grace } = await meet(relay());
    await hears(ada, 1_000);
    await hears(grace, 440);
    await turn.stop();
    await Promise.all([ada.client.setIceConfig(null), grace.client.setIceConfig(null)]);
    ada.heard.length = 0;
    grace.heard.length = 0;
    await hears(ada, 1_000);
    await hears(grace, 440);
    expect(ada.kinds).toContain('host');
  }, 40_000);
});

describe('a server that swallows everything', () => {
  let swallow: Socket;
  beforeEach(async () => {
    swallow = createSocket('udp4');
    await new Promise<void>((resolve) => swallow.bind(0, '127.0.0.1', resolve));
  });
  afterEach(() => swallow.close());

  test('delays nobody: media is there before it is given up, and that is told', async () => {
    const urls = [`stun:127.0.0.1:${swallow.address().port}`, `turn:127.0.0.1:${swallow.address().port}`];
    const { ada } = await meet({ iceServers: [{ urls, username: 'ada', credential: 'secret' }] });
    await hears(ada, 1_000);
    await until(() => ada.told.length > 1);
    expect(ada.told).toEqual(['heard', 'SLUICE_CALL_RELAY']);
    expect(ada.messages[0]).toContain('no answer');
  });
});
