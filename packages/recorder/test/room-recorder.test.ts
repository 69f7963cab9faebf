import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectTone, findGaps, measureTone } from '@sluice/core/testing';
import { fromTestPattern, fromWavFile, readTestPattern, toFrames } from '@sluice/nodes';
import type { RecordingSettings } from '@sluice/protocol';
import { type RecordingManifest, roomRecorder } from '@sluice/recorder';
import {
  CallClient,
  CustomAudioSource,
  CustomAudioTrack,
  Daily,
  type RecordingRequest,
  type RoomServer,
  type RunningRecording,
  startRoomServer,
} from '@sluice/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failing, picturesOf } from './pictures.ts';

const RATE = 48_000;
const folders: string[] = [];
const clients = new Set<CallClient>();
const stops = new Set<() => void>();
let server: RoomServer;
let folder: string;

beforeEach(async () => {
  server = await startRoomServer({ tokens: () => ({}) });
  folder = await mkdtemp(join(tmpdir(), 'sluice-recorder-'));
  folders.push(folder);
  Daily.init({ mediaHost: 'in-process' });
});
afterEach(async () => {
  for (const stop of stops) stop();
  stops.clear();
  for (const client of clients) await client[Symbol.asyncDispose]();
  clients.clear();
  await Daily.deinit();
  await server.close();
  for (const path of folders.splice(0)) await rm(path, { recursive: true });
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const create = () => {
  const client = new CallClient();
  clients.add(client);
  return client;
};

/** As the room asks for it; this recorder comes in as anybody does. */
function request(room: string, settings: RecordingSettings = {}): RecordingRequest {
  const status = { streamId: 'stream', recordingId: randomUUID(), startedBy: null };
  return { entry: { url: server.roomUrl(room), token: 'service', room }, status, settings };
}

/** Writes a tone into a device until told to stop. Returns when it began. */
function sing(device: { writeFrames(samples: Int16Array): Promise<unknown> }, hz: number): () => void {
  let on = true;
  let n = 0;
  const go = async () => {
    while (on) {
      const samples = Int16Array.from(
        { length: 800 },
        (_, i) => 8_000 * Math.sin((2 * Math.PI * hz * (n + i)) / 16_000),
      );
      n += 800;
      await device.writeFrames(samples);
    }
  };
  void go().catch(() => {});
  const stop = () => {
    on = false;
  };
  stops.add(stop);
  return stop;
}

/** Somebody with a microphone that sounds, and a camera that shows the test pattern if that is asked for. */
async function enter(room: string, name: string, hz: number, pictures = false) {
  const client = create();
  client.setUserName(name);
  const microphone = Daily.createMicrophoneDevice(`mic-${name}`, { sampleRate: 16_000 });
  const inputs: Record<string, object> = { microphone: { isEnabled: true, settings: { deviceId: `mic-${name}` } } };
  if (pictures) {
    const size = { width: 320, height: 180 };
    const camera = Daily.createCameraDevice(`cam-${name}`, { ...size, colorFormat: 'I420' });
    inputs.camera = { isEnabled: true, settings: { deviceId: `cam-${name}` } };
    const showing = fromTestPattern({ ...size, frameRate: 15, live: true }).subscribe((frame) => {
      camera.writeFrame(frame);
    });
    stops.add(() => showing.unsubscribe());
  }
  await client.join(server.roomUrl(room), { clientSettings: { inputs } });
  return { client, id: client.participants().local.id, silence: sing(microphone, hz), microphone };
}

async function manifestOf(root: string, room: string): Promise<RecordingManifest & { readonly path: string }> {
  const [name] = await readdir(join(root, room));
  const path = join(root, room, name!);
  return { ...JSON.parse(await readFile(join(path, 'recording.json'), 'utf8')), path };
}

async function samplesOf(path: string): Promise<Int16Array> {
  const frames = toFrames({ limit: 1_000_000 });
  fromWavFile(path).subscribe(frames);
  const parts = (await frames.finished).map(({ samples }) => samples);
  return Int16Array.from(parts.flatMap((samples) => [...samples]));
}

/** When a tone of a client is heard by another: what the recorder's first sample is compared with. */
function firstHeard(ear: CallClient, id: string, audioSource: string): Promise<number> {
  return new Promise((resolve) => {
    let told = false;
    ear.setAudioRenderer(
      id,
      (_, frame) => {
        const loud = frame.samples.findIndex((sample) => Math.abs(sample) > 1_000);
        if (loud >= 0 && !told) {
          told = true;
          resolve(Date.now() - (1_000 * (frame.length - loud)) / frame.sampleRate);
        }
        frame.close();
      },
      { audioSource, sampleRate: 16_000 },
    );
  });
}

describe('a recorder in a room', () => {
  it('gives everybody a file on one line, and all of them one', async () => {
    const ada = await enter('tones', 'Ada', 400);
    const ear = create();
    await ear.join(server.roomUrl('tones'));
    const recording = await roomRecorder({ folder })(request('tones'));
    await sleep(1_500);
    const bob = await enter('tones', '../Bob', 1_000);
    const bobHeard = firstHeard(ear, bob.id, 'microphone');
    await sleep(1_000);
    const music = new CustomAudioSource(16_000, 1);
    const musicHeard = firstHeard(ear, ada.id, 'music');
    await ada.client.addCustomAudioTrack('music', new CustomAudioTrack(music));
    sing(music, 2_500);
    await sleep(1_500);
    const [bobAt, musicAt] = await Promise.all([bobHeard, musicHeard]);
    await bob.client.leave();
    await sleep(1_200);
    await recording.stop();
    await recording.ended;

    const manifest = await manifestOf(folder, 'tones');
    expect(manifest).toMatchObject({ room: 'tones', startedBy: null, mix: 'mix.wav', sampleRate: RATE });
    const entry = (id: string) => manifest.participants.find((participant) => participant.id === id)!;
    const fileOf = (id: string, source: string) => entry(id).tracks.find((track) => track.source === source)!;
    expect(entry(bob.id)).toMatchObject({ userName: '../Bob', leftAt: expect.any(String) });
    const start = Date.parse(manifest.startedAt);
    const tones = [
      { track: fileOf(ada.id, 'microphone'), hz: 400, at: undefined },
      { track: fileOf(bob.id, 'microphone'), hz: 1_000, at: bobAt },
      { track: fileOf(ada.id, 'music'), hz: 2_500, at: musicAt },
    ];
    const mix = await samplesOf(join(manifest.path, 'mix.wav'));
    expect(mix.length).toBe(manifest.samples);
    expect(mix.length / RATE).toBeGreaterThan(5);
    for (const { track, hz, at } of tones) {
      const samples = await samplesOf(join(manifest.path, track.file));
      expect(samples.length, track.file).toBe(manifest.samples);
      const loud = samples.findIndex((sample) => Math.abs(sample) > 1_000);
      if (at !== undefined) expect(Math.abs((loud * 1_000) / RATE - (at - start)), track.file).toBeLessThan(20);
      const end = samples.findLastIndex((sample) => Math.abs(sample) > 1_000);
      const sound = samples.subarray(loud + RATE / 10, Math.min(end - RATE / 10, loud + 4 * RATE));
      expectTone(sound, { sampleRate: RATE, frequency: hz, minSnr: 20 });
      expect(findGaps(sound, { sampleRate: RATE }).gaps).toEqual([]);
      const middle = sound.byteOffset / 2 - samples.byteOffset / 2;
      expect(measureTone(mix.subarray(middle, middle + RATE), RATE, hz).amplitude).toBeGreaterThan(-20);
      expect([track.lostSamples, track.corrections]).toEqual([0, 0]);
    }
    expect(manifest.video).toMatchObject({ width: 640, height: 360, frameRate: 15 });
  });

  it('shows those who can be seen in a grid', async () => {
    await enter('grid', 'Ada', 400, true);
    const recording = await roomRecorder({ folder })(request('grid'));
    await sleep(2_000);
    const bob = await enter('grid', 'Bob', 500, true);
    await sleep(2_000);
    await bob.client.updateInputs({ camera: false });
    await sleep(1_200);
    await recording.stop();
    const manifest = await manifestOf(folder, 'grid');
    const pictures = await picturesOf(join(manifest.path, manifest.video!.file));
    expect(Math.abs(pictures.length / 15 - manifest.samples / RATE)).toBeLessThan(0.15);
    const whole = pictures.map((picture) => readTestPattern(picture)?.frameNumber);
    const halves = [0, 320].map((x) =>
      pictures.map(
        (picture) => readTestPattern(picture, { region: { x, y: 90, width: 320, height: 180 } })?.frameNumber,
      ),
    );
    for (const picture of pictures) picture.close();
    // Alone, together, and alone again; the numbers go up.
    expect(whole.slice(0, 30).filter((number) => number !== undefined).length).toBeGreaterThan(8);
    const together = halves.map((numbers) => numbers.filter((number) => number !== undefined));
    for (const numbers of together) {
      expect(numbers.length).toBeGreaterThan(15);
      expect(numbers).toEqual([...numbers].sort((a, b) => a! - b!));
    }
    expect(whole.at(-3)).toBeDefined();
  });

  it('records sound only, for so long and no longer, and stops twice', async () => {
    await enter('short', 'Ada', 400);
    const recording = await roomRecorder({ folder, sampleRate: 16_000 })(
      request('short', { layout: { preset: 'audio-only' }, maxDuration: 1 }),
    );
    await expect(recording.update({ layout: { preset: 'grid' } })).rejects.toThrow(TypeError);
    await recording.ended;
    await Promise.all([recording.stop(), recording.stop()]);
    const manifest = await manifestOf(folder, 'short');
    expect(manifest.video).toBeNull();
    expect(manifest.samples / 16_000).toBeGreaterThan(0.95);
    expect(manifest.samples / 16_000).toBeLessThan(1.5);
    expect((await readdir(manifest.path)).sort()).toEqual(['01-ada-microphone.wav', 'mix.wav', 'recording.json']);
  });

  it('ends with an error when the disk takes no more, and the call goes on', async () => {
    const ada = await enter('full', 'Ada', 400);
    const video = () => ({ file: 'video.y4m', sink: failing() });
    const recording: RunningRecording = await roomRecorder({ folder, video })(request('full'));
    await expect(recording.ended).rejects.toThrow(/no space/);
    await recording.stop();
    expect(ada.client.callState).toBe('joined');
    const manifest = await manifestOf(folder, 'full');
    expect(manifest.error?.message).toMatch(/no space/);
    expect(await samplesOf(join(manifest.path, 'mix.wav'))).toBeInstanceOf(Int16Array);
  });

  it('tells who asked why it cannot begin', async () => {
    const nowhere = request('nowhere');
    const begun = roomRecorder({ folder })({ ...nowhere, entry: { ...nowhere.entry, url: 'http://127.0.0.1:1/x' } });
    await expect(begun).rejects.toMatchObject({ code: 'SLUICE_JOIN_UNREACHABLE' });
  });

  it('ends when the room does, with whole files', async () => {
    await enter('over', 'Ada', 400);
    const recording = await roomRecorder({ folder })(request('over'));
    await sleep(800);
    await clients.values().next().value!.leave();
    await recording.stop();
    expect((await manifestOf(folder, 'over')).participants).toHaveLength(1);
  });
});
