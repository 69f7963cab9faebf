import type { AudioFrame } from '@sluice/core';
import { measureTone } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { fromCall } from '../src/graph/from-call.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { until } from './until.ts';

let server: RoomServer;

beforeEach(async () => {
  server = await startRoomServer();
});
afterEach(async () => {
  await Daily.deinit();
  await server.close();
});

const tone = (hz: number, ms: number) =>
  Int16Array.from({ length: 16 * ms }, (_, n) => 8_000 * Math.sin((2 * Math.PI * hz * n) / 16_000));

/** Everything a client hears, and how the stream ended. */
function hear(client: CallClient) {
  const heard = { frames: [] as AudioFrame[], completed: false };
  fromCall(client, { sampleRate: 16_000 }).subscribe({
    next: (frame) => heard.frames.push(frame),
    complete: () => {
      heard.completed = true;
    },
  });
  return heard;
}

/** The loudest 200 ms at a frequency, in dB of full scale; what the call has played so far. */
function level({ frames }: { readonly frames: readonly AudioFrame[] }, hz: number): number {
  const all = Int16Array.from(frames.flatMap(({ samples }) => [...samples]));
  let loudest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at + 3_200 <= all.length; at += 1_600)
    loudest = Math.max(loudest, measureTone(all.subarray(at, at + 3_200), 16_000, hz).amplitude);
  return loudest;
}

test('each client hears its own room, custom tracks included, over a leave and a rejoin, until it is released', async () => {
  Daily.init({ mediaHost: 'in-process' });
  const rooms = ['one', 'two'].map((name) => server.roomUrl(name));
  const speakers = ['mic-one', 'mic-two'].map((name) => {
    const microphone = Daily.createMicrophoneDevice(name, { sampleRate: 16_000 });
    return { name, microphone, client: new CallClient() };
  });
  const listeners = [new CallClient(), new CallClient()];
  const [one, two] = listeners.map(hear) as [ReturnType<typeof hear>, ReturnType<typeof hear>];
  const again = hear(listeners[0]!);
  for (const [index, { name, client }] of speakers.entries()) {
    const inputs = { microphone: { isEnabled: true, settings: { deviceId: name } } };
    await client.join(rooms[index]!, { clientSettings: { inputs } });
    await listeners[index]!.join(rooms[index]!);
  }
  const music = new CustomAudioSource(16_000, 1);
  await speakers[0]!.client.addCustomAudioTrack('music', new CustomAudioTrack(music));
  const play = () => {
    speakers[0]!.microphone.write(tone(400, 1_000));
    speakers[1]!.microphone.write(tone(1_000, 1_000));
    music.write(tone(2_000, 1_000));
  };
  play();
  const isHeard = (heard: typeof one, hz: number) => level(heard, hz) > -20;
  await until(() => isHeard(one, 400) && isHeard(one, 2_000) && isHeard(two, 1_000) && isHeard(again, 400));
  expect(one.frames[0]!.timestamp).toBe(0);
  for (const [heard, hz] of [
    [one, 1_000],
    [again, 1_000],
    [two, 400],
    [two, 2_000],
  ] as const)
    expect(level(heard, hz)).toBeLessThan(-50);

  await listeners[0]!.leave();
  const before = one.frames.length;
  await new Promise((resolve) => setTimeout(resolve, 400));
  await listeners[0]!.join(rooms[0]!);
  play();
  await until(() => level({ frames: one.frames.slice(before + 5) }, 400) > -20);
  const gap = one.frames.slice(before).find((frame) => frame.gap !== undefined)?.gap;
  expect(gap?.reason).toBe('disconnected');
  expect(gap!.duration).toBeGreaterThan(350_000);
  for (const client of [...listeners, ...speakers.map(({ client }) => client)]) await client.release();
  await until(() => one.completed && two.completed && again.completed);
});
