import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioFrame, realClock, sleep } from '@sluice/core';
import { measureTone, samplesOf } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { JanusClient } from '../src/room/janus/wire/janus-client.ts';
import type { RunningJanus } from '../src/testing/janus/start-janus.ts';
import { inputs, janusKit } from './janus-kit.ts';
import { readRecording } from './mjr-recording.ts';
import { until } from './until.ts';

const { server, client, closing } = janusKit();
const RATE = 48_000;
const PAUSE_S = 1;

/** Speaks in a room that the server records, but for a pause. Returns seconds: how long the packets came, and how long they say that they are. */
async function recordPause(janus: RunningJanus, room: string, query: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-mjr-'));
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  const owner = await JanusClient.open({ url: new URL(janus.roomUrl(room)), clock: realClock });
  closing.push(async () => owner.close());
  const handle = await owner.attach();
  await handle.ask({ request: 'create', room, record: true, rec_dir: folder }, 'to make the room');
  const ada = client();
  const sent = async (packets: number) => {
    const before = (await ada.networkStats()).packetsSent;
    await until(async () => (await ada.networkStats()).packetsSent > before + packets);
  };
  await ada.join(janus.roomUrl(room, query), inputs('tone-440'));
  await sent(20);
  await ada.updateInputs({ microphone: false });
  await sleep(realClock, 1_000 * PAUSE_S);
  await ada.updateInputs({ microphone: true });
  await sent(20);
  await ada.leave();
  const recordings = () => readdirSync(folder).filter((name) => name.endsWith('.mjr'));
  await until(() => recordings().length > 0);
  const packets = readRecording(join(folder, recordings()[0]!));
  const [first, last] = [packets[0]!, packets.at(-1)!];
  return {
    came: (last.arrivedMs - first.arrivedMs) / 1_000,
    says: ((last.timestamp - first.timestamp) >>> 0) / RATE,
  };
}

test('a pause is in the recording of a server where the address says that there is one, and else it is left out', async () => {
  const janus = await server();
  const [kept, lost] = await Promise.all([
    recordPause(janus, 'recorded', '?recorded'),
    recordPause(janus, 'other', '?'),
  ]);
  expect(Math.abs(kept.came - kept.says)).toBeLessThan(PAUSE_S / 2);
  expect(lost.came - lost.says).toBeGreaterThan(PAUSE_S / 2);
});

test('stereo stays stereo: each ear hears its own tone', async () => {
  const janus = await server();
  Daily.init({ mediaHost: 'in-process' });
  closing.push(() => Daily.deinit());
  const [ada, grace] = [new CallClient(), new CallClient()];
  closing.push(...[ada, grace].map((one) => () => one.release()));
  const song = new CustomAudioSource(RATE, 2);
  await ada.addCustomAudioTrack('song', new CustomAudioTrack(song));
  await ada.updatePublishing({ customAudio: { song: { sendSettings: 'music' } } });
  const tones = Int16Array.from({ length: RATE }, (_, n) => {
    const hz = n % 2 === 0 ? 500 : 900;
    return 8_000 * Math.sin((2 * Math.PI * hz * (n >> 1)) / RATE);
  });
  const timer = setInterval(() => song.queuedDuration < 250 && void song.write(tones.slice()), 100);
  closing.push(async () => clearInterval(timer));
  await ada.join(janus.roomUrl('hello'));
  const frames: AudioFrame[] = [];
  const { id } = ada.participants().local;
  grace.setAudioRenderer(id, (_, frame) => frames.push(frame), { audioSource: 'song', sampleRate: RATE });
  await grace.join(janus.roomUrl('hello'));
  /** Decibels of what belongs to an ear above what does not, in the last 200 ms. */
  const apart = (channel: number, own: number, other: number) => {
    const heard = samplesOf(frames.slice(-10), channel);
    const level = (hz: number) => measureTone(heard, RATE, hz).amplitude;
    return level(own) - level(other);
  };
  await until(() => frames.length > 50 && frames.slice(-10).every(({ channels }) => channels === 2));
  await until(() => apart(0, 500, 900) > 26 && apart(1, 900, 500) > 26);
});
