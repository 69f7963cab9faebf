import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IceConfig } from '../src/call/ice-config.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { hears, kindsOf, ToneSides } from './peers/tone-sides.ts';
import { hasTurnServer, startTurnServer, type TurnServer, turnCredentials } from './turn-server.ts';
import { until } from './until.ts';

let server: RoomServer;
let sides: ToneSides;

beforeEach(async () => {
  server = await startRoomServer();
  sides = new ToneSides();
});
afterEach(async () => {
  await sides.close();
  await server.close();
});

const meet = (ice: IceConfig | null) => sides.meet(server.roomUrl('relayed'), ice);

/** A suite that needs coturn. Where it is not installed it is skipped and says so; under CI it runs and fails. */
const withTurnServer = hasTurnServer || process.env.CI === 'true' ? describe : describe.skip;
const missing = hasTurnServer ? '' : ' (no turnserver here: scripts/install-test-tools.sh installs it)';

withTurnServer(`through coturn, with credentials that end${missing}`, () => {
  const authSecret = 'shared with whoever makes credentials';
  let turn: TurnServer | undefined;
  const portOf = () => turn!.port;
  const relay = (more: Partial<IceConfig['iceServers'][number]> = {}, query = ''): IceConfig => ({
    iceServers: [{ urls: `turn:127.0.0.1:${portOf()}${query}`, ...turnCredentials(authSecret, 60), ...more }],
    iceTransportPolicy: 'relay',
  });
  beforeEach(async () => {
    turn = await startTurnServer({ authSecret });
  });
  afterEach(async () => {
    await turn?.stop();
    turn = undefined;
  });

  test.each(['?transport=udp', '?transport=tcp'])('two clients hear each other by relays alone, %s', async (query) => {
    const { ada, grace } = await meet(relay({}, query));
    await hears(ada, 1_000);
    await hears(grace, 440);
    expect(kindsOf(ada, grace)).toEqual(new Set(['relay']));
    expect(ada.told).toEqual(['heard']);
    const { paths } = await ada.client.networkStats();
    expect(paths).toHaveLength(1);
    expect(paths[0]).toMatchObject({ relayed: true, protocol: query.slice(-3), local: { type: 'relay' } });
  });

  test('a wrong credential, and one that has ended, are told with the server and without the credential, once for all others', async () => {
    const wrong = relay({ credential: 'not-the-secret' });
    const { ada, grace } = await meet(wrong);
    const ended = turnCredentials(authSecret, -1);
    const joan = await sides.enter(server.roomUrl('relayed'), 440, relay(ended));
    await until(() => [ada, grace, joan].every(({ told }) => told.length > 0));
    // The connection that was made last gives up on both its sides, with those that had given up before.
    await wait(500);
    for (const { told } of [ada, grace, joan]) expect(told).toEqual(['SLUICE_CALL_RELAY']);
    expect(ada.messages[0]).toContain(`turn:127.0.0.1:${portOf()}`);
    expect(ada.messages[0]).toContain('401');
    expect(ada.messages[0]).not.toContain('not-the-secret');
    expect(joan.messages[0]).toContain('401');
    expect(joan.messages[0]).not.toContain(ended.credential);
  });

  test('a relay that dies in the call: setIceConfig(null) brings media back', async () => {
    const { ada, grace } = await meet(relay());
    await hears(ada, 1_000);
    await hears(grace, 440);
    await turn!.stop();
    await Promise.all([ada.client.setIceConfig(null), grace.client.setIceConfig(null)]);
    await hears(ada, 1_000);
    await hears(grace, 440);
    expect(kindsOf(ada)).toContain('host');
  }, 40_000);
});

withTurnServer(`coturn that is restarted${missing}`, () => {
  test('media comes back by itself', async () => {
    let turn = await startTurnServer();
    const urls = `turn:127.0.0.1:${turn.port}`;
    const iceServers = [{ urls, username: 'ada', credential: 'secret' }];
    try {
      const { ada, grace } = await meet({ iceServers, iceTransportPolicy: 'relay' });
      await hears(ada, 1_000);
      await hears(grace, 440);
      await turn.stop();
      await until(() => ada.states.includes('media interrupted'));
      // So long that the restart which the cut brings finds no server.
      await wait(4_000);
      turn = await startTurnServer({ port: turn.port });
      await hears(ada, 1_000, 30_000);
      await hears(grace, 440, 30_000);
      expect(kindsOf(ada, grace)).toEqual(new Set(['relay']));
    } finally {
      await turn.stop();
    }
  }, 60_000);
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
