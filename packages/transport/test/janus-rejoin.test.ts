import type { SluiceError } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { JanusClient } from '../src/room/janus/wire/janus-client.ts';
import { inputs, janusKit } from './janus-kit.ts';
import { until } from './until.ts';

const { server, client } = janusKit();

test('a server that was killed and started again takes its calls back, with everybody, their tracks and what is said', async () => {
  const janus = await server();
  const [ada, grace] = [client(), client()];
  await ada.join(janus.roomUrl('hello'), { userName: 'Ada', ...inputs('tone-440') });
  await grace.join(janus.roomUrl('hello'), inputs(false));
  const { id } = ada.participants().local;
  let loudAt = 0;
  grace.setAudioRenderer(id, (_, { samples }) => {
    if (samples.some((sample) => sample > 3_000)) loudAt = performance.now();
  });
  const told: string[] = [];
  for (const event of ['participant-left', 'participant-joined', 'error'] as const)
    grace.on(event, () => told.push(event));
  grace.on('app-message', ({ message }) => told.push(String(message)));
  await until(() => loudAt > 0);
  await ada.sendAppMessage('before');
  await until(() => told.includes('before'));
  await janus.close('SIGKILL');
  const said = ada.sendAppMessage('meanwhile');
  await server({ port: janus.port });
  await said;
  await until(() => told.includes('meanwhile'));
  // Both are inside again, so that what a jitter buffer made up of the first server's media is over.
  await until(() => grace.participants()[id]?.media.microphone.state === 'playable');
  const backAt = performance.now();
  await until(() => loudAt > backAt);
  expect(told).toEqual(['before', 'meanwhile']);
  expect(grace.participants()[id]).toMatchObject({
    info: { userName: 'Ada' },
    media: { microphone: { state: 'playable' } },
  });
  expect([ada.callState, grace.callState]).toEqual(['joined', 'joined']);
});

test('a server that comes back with another secret ends the call with what it says', async () => {
  const janus = await server({ stringIds: false });
  const ada = client();
  await ada.join(janus.roomUrl('42'), inputs(false));
  const errors: string[] = [];
  ada.on('error', ({ error }) => errors.push(error.code));
  await janus.close('SIGKILL');
  await server({ port: janus.port, apiSecret: 'other' });
  await until(() => ada.callState === 'left');
  expect(errors).toEqual(['SLUICE_ROOM_TOKEN']);
});

test('a server that stays away is lost after a minute', async () => {
  const janus = await server();
  const clock = new VirtualClock();
  const session = await JanusClient.open({ url: new URL(janus.roomUrl('hello')), clock });
  const lost: [SluiceError, number][] = [];
  let interruptedAt = 0;
  session.start({
    state: () => {
      interruptedAt = clock.now();
    },
    forgotten: async () => {},
    lost: (error) => lost.push([error, clock.now()]),
  });
  await janus.close('SIGKILL');
  await until(() => !session.connected);
  await until(async () => {
    await clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 2));
    return lost.length > 0;
  });
  const [[error, at]] = lost as [[SluiceError, number]];
  expect(error).toMatchObject({ code: 'SLUICE_ROOM_LOST', cause: { code: 'SLUICE_JOIN_UNREACHABLE' } });
  expect(at - interruptedAt).toBeGreaterThan(60_000);
  expect(at - interruptedAt).toBeLessThan(70_000);
});
