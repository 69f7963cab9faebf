import { afterEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { type RunningJanus, startJanus } from '../src/testing/janus/start-janus.ts';
import { TcpRelay } from '../src/testing/tcp-relay.ts';
import { createTestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const server = async (...options: Parameters<typeof startJanus>): Promise<RunningJanus> => {
  const janus = await startJanus(...options);
  closing.push(() => janus.close());
  return janus;
};
const client = (): CallClient => {
  const devices = createTestDevices();
  const made = new CallClient({ devices });
  closing.push(async () => {
    await made.release();
    await devices.close();
  });
  return made;
};
const code = (code: string) => expect.objectContaining({ code });
const inputs = (microphone: string | false) => ({
  clientSettings: {
    inputs: {
      camera: false,
      microphone: microphone === false ? false : { isEnabled: true, settings: { deviceId: microphone } },
    },
  },
});

test('what is wrong with a room, or its address, is told by its own error', async () => {
  const janus = await server({ apiSecret: 'key' });
  const ada = client();
  const join = (query: string, room = 'hello') => ada.join(janus.roomUrl(room, query), inputs(false));
  await expect(join('')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(join('?apisecret=wrong')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(join('?apisecret=key')).rejects.toThrow(code('SLUICE_ROOM_UNKNOWN'));
  await expect(join('?apisecrt=key')).rejects.toThrow(code('SLUICE_ROOM_URL'));
  await join('?apisecret=key&create&secret=boss&pin=door');
  const grace = client();
  const other = (query: string) => grace.join(janus.roomUrl('hello', query), inputs(false));
  await expect(other('?apisecret=key')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(other('?apisecret=key&pin=wrong')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await other('?apisecret=key&pin=door&secret=wrong');
  const { id } = ada.participants().local;
  await expect(grace.ejectRemoteParticipants([id])).rejects.toThrow(code('SLUICE_ROOM_DENIED'));
  const errors: string[] = [];
  grace.on('error', ({ error }) => errors.push(error.code));
  await ada.ejectRemoteParticipants([grace.participants().local.id]);
  await until(() => grace.callState === 'left');
  expect(errors).toEqual(['SLUICE_ROOM_REMOVED']);
});

test('a server without the plugin, one whose rooms are numbers, none at all, and one that is no Janus', async () => {
  const bare = await server({ videoRoom: false });
  const ada = client();
  await expect(ada.join(bare.roomUrl('hello'), inputs(false))).rejects.toThrow(code('SLUICE_ROOM_VERSION'));
  await bare.close();
  await expect(ada.join(bare.roomUrl('hello'), inputs(false))).rejects.toThrow(code('SLUICE_JOIN_UNREACHABLE'));
  const numbers = await server({ stringIds: false });
  await expect(ada.join(numbers.roomUrl('hello'), inputs(false))).rejects.toThrow(code('SLUICE_ROOM_URL'));
  await ada.join(numbers.roomUrl('42'), inputs('tone-440'));
  const grace = client();
  await grace.join(numbers.roomUrl('42'), inputs(false));
  const { id } = ada.participants().local;
  let loud = 0;
  grace.setAudioRenderer(id, (_, { samples }) => {
    if (samples.some((sample) => sample > 3_000)) loud++;
  });
  await until(() => loud > 20);
  expect(Object.keys(grace.participants())).toContain(id);
});

test('a call outlives its socket: the session is claimed, and what happened meanwhile is caught up with', async () => {
  const janus = await server();
  const relay = await TcpRelay.open({ port: janus.port });
  closing.push(() => relay.close());
  const ada = client();
  await ada.join(`janus+ws://127.0.0.1:${relay.port}/hello?create`, inputs(false));
  const told: string[] = [];
  ada.on('network-connection', ({ kind, state }) => told.push(`${kind} ${state}`));
  const messages: unknown[] = [];
  const grace = client();
  grace.on('app-message', ({ message }) => messages.push(message));
  await grace.join(janus.roomUrl('hello'), inputs(false));
  const cut = relay.cut();
  const said = ada.sendAppMessage('through the break');
  const late = client();
  await late.join(janus.roomUrl('hello'), inputs('tone-440'));
  await grace.leave();
  relay.restore();
  await cut;
  await said;
  const { id } = late.participants().local;
  await until(() => ada.participants()[id]?.media.microphone?.state === 'playable');
  expect(Object.keys(ada.participants()).sort()).toEqual([id, 'local'].sort());
  expect(told.slice(0, 2)).toEqual(['signalling interrupted', 'signalling connected']);
});
