import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { currentDevices, hasCurrentDevices } from '../src/devices/registry.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { until } from './until.ts';

let server: RoomServer;

beforeEach(async () => {
  server = await startRoomServer();
});
afterEach(async () => {
  if (hasCurrentDevices()) await Daily.deinit();
  await server.close();
});

const code = (code: string) => expect.objectContaining({ code });

/** A second of a tone. */
const tone = (hz: number, sampleRate = 16_000) =>
  Int16Array.from({ length: sampleRate }, (_, n) => 10_000 * Math.sin((2 * Math.PI * hz * n) / sampleRate));

test.each(['in-process', 'child'] as const)(
  'from a virtual microphone to a virtual speaker, engine %s',
  async (mediaHost) => {
    Daily.init({ mediaHost });
    const microphone = Daily.createMicrophoneDevice('my-mic', { sampleRate: 16_000, channels: 1 });
    const speaker = Daily.createSpeakerDevice('my-speaker', { sampleRate: 16_000, channels: 1 });
    Daily.selectSpeakerDevice('my-speaker');
    await using ada = new CallClient();
    await using grace = new CallClient();
    const url = server.roomUrl('devices');
    await ada.join(url, {
      clientSettings: { inputs: { microphone: { isEnabled: true, settings: { deviceId: 'my-mic' } } } },
    });
    await grace.join(url);
    const receipt = microphone.write(tone(440));
    let loud = 0;
    await until(async () => {
      const bytes = await speaker.readFrames(320);
      for (let at = 0; at < bytes.length; at += 2) if (Math.abs(bytes.readInt16LE(at)) > 3_000) loud++;
      // A sine of this height is above the threshold for four fifths of its time.
      return loud > 11_000;
    });
    expect((await receipt.finished).interrupted).toBe(false);
    const unknown = { inputs: { microphone: { isEnabled: true, settings: { deviceId: 'nobody' } } } };
    await expect(ada.updateInputs(unknown.inputs)).rejects.toThrow(code('SLUICE_DEVICE_UNKNOWN'));
    expect(ada.inputs().microphone.settings.deviceId).toBe('my-mic');
  },
);

test('a media host that is killed is replaced, and the call goes on', async () => {
  Daily.init({ mediaHost: 'child' });
  const microphone = Daily.createMicrophoneDevice('my-mic', { sampleRate: 16_000, channels: 1 });
  await using ada = new CallClient();
  await using grace = new CallClient();
  const url = server.roomUrl('devices');
  await ada.join(url, { clientSettings: { inputs: { microphone: true } } });
  await grace.join(url);
  let loudAt = 0;
  grace.setAudioRenderer(ada.participants().local.id, (_, { samples }) => {
    if (samples.some((sample) => sample > 3_000)) loudAt = performance.now();
  });
  const writer = setInterval(() => microphone.write(tone(440).subarray(0, 1_600)), 100);
  try {
    await until(() => loudAt > 0);
    const told: string[] = [];
    const engine: { readonly count: number }[] = [];
    grace.on('network-connection', (change) => {
      told.push(`${change.kind} ${change.state}`);
      if (change.kind === 'engine') engine.push(change);
    });
    process.kill(currentDevices().host.pid, 'SIGKILL');
    await until(() => told.includes('engine restarted'));
    const restarted = performance.now();
    await until(() => loudAt > restarted + 200);
    expect(grace.callState).toBe('joined');
    // With the fourth death within a minute it is out for longer, and nothing else happens to the call.
    for (let count = 2; count <= 4; count++) {
      await currentDevices().host.stats();
      process.kill(currentDevices().host.pid, 'SIGKILL');
      await until(() => engine.at(-1)?.count === count);
    }
    expect(engine.at(-1)).toMatchObject({ state: 'restarting', retryAt: expect.any(Number) });
    expect(grace.callState).toBe('joined');
    await grace.leave();
  } finally {
    clearInterval(writer);
  }
});

test.each(['in-process', 'child'] as const)(
  'devices end before the call, engine %s: leaving and releasing still work',
  async (mediaHost) => {
    Daily.init({ mediaHost });
    Daily.createMicrophoneDevice('my-mic', { sampleRate: 16_000, channels: 1 });
    const ada = new CallClient();
    const grace = new CallClient();
    const faults: unknown[] = [];
    for (const client of [ada, grace]) client.on('error', ({ error }) => faults.push(error));
    const url = server.roomUrl('early');
    await ada.join(url, { clientSettings: { inputs: { microphone: true } } });
    await grace.join(url);
    const id = ada.participants().local.id;
    await until(() => grace.participants()[id]?.media.microphone.state === 'playable');
    await Daily.deinit();
    await expect(ada.updateInputs({ microphone: { settings: { deviceId: 'my-mic' } } })).rejects.toThrow(
      code('SLUICE_NOT_INITIALIZED'),
    );
    await ada.leave();
    await expect(ada.join(url)).rejects.toThrow(code('SLUICE_NOT_INITIALIZED'));
    await ada.release();
    await grace.release();
    expect(faults).toEqual([]);
  },
);

test('a microphone that is destroyed in a call is one that is off', async () => {
  Daily.init({ mediaHost: 'in-process' });
  Daily.createMicrophoneDevice('my-mic', { sampleRate: 16_000, channels: 1 });
  await using ada = new CallClient();
  await using grace = new CallClient();
  const url = server.roomUrl('destroyed');
  await ada.join(url, { clientSettings: { inputs: { microphone: true } } });
  await grace.join(url);
  const id = ada.participants().local.id;
  await until(() => grace.participants()[id]?.media.microphone.state === 'playable');
  Daily.destroyDevice('my-mic');
  await until(() => grace.participants()[id]?.media.microphone.state === 'off');
});
