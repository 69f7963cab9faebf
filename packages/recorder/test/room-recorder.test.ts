import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureTone } from '@sluice/core/testing';
import { fromWavFile, readTestPattern, toFrames } from '@sluice/nodes';
import type { RecordingSettings } from '@sluice/protocol';
import { type RecordingManifest, roomRecorder } from '@sluice/recorder';
import {
  CallClient,
  CustomAudioSource,
  CustomAudioTrack,
  type RecordingRequest,
  type RunningRecording,
} from '@sluice/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ear, gapsIn, isLoud } from './ear.ts';
import { failing, picturesOf } from './pictures.ts';
import { TestRoom } from './test-room.ts';

const RATE = 48_000;
let room: TestRoom;
let folder: string;
beforeEach(async () => {
  room = await TestRoom.open();
  folder = await mkdtemp(join(tmpdir(), 'sluice-recorder-'));
});
afterEach(async () => {
  await room.close();
  await rm(folder, { recursive: true });
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function request(name: string, settings: RecordingSettings = {}): RecordingRequest {
  const status = { streamId: 'stream', recordingId: randomUUID(), startedBy: null };
  return { entry: room.entry(name), status, settings };
}

async function manifestOf(root: string, name: string): Promise<RecordingManifest & { readonly path: string }> {
  const [recording] = await readdir(join(root, name));
  const path = join(root, name, recording!);
  return { ...JSON.parse(await readFile(join(path, 'recording.json'), 'utf8')), path };
}

async function samplesOf(path: string): Promise<Int16Array> {
  const frames = toFrames({ limit: 1_000_000 });
  fromWavFile(path).subscribe(frames);
  const parts = (await frames.finished).map(({ samples }) => samples);
  return Int16Array.from(parts.flatMap((samples) => [...samples]));
}

describe('a recorder in a room', () => {
  it('gives everybody a file on one line, and all of them one', async () => {
    const ada = await room.enter('tones', 'Ada', { hz: 400 });
    const client = new CallClient();
    const adaHeard = new Ear(client, ada.id, 'microphone');
    const musicHeard = new Ear(client, ada.id, 'music');
    const recording = await roomRecorder({ folder, client: () => client })(request('tones'));
    await sleep(1_500);
    const bob = await room.enter('tones', '../Bob', { hz: 1_000 });
    const bobHeard = new Ear(client, bob.id, 'microphone');
    await sleep(1_000);
    const music = new CustomAudioSource(16_000, 1);
    await ada.client.addCustomAudioTrack('music', new CustomAudioTrack(music));
    room.sing(music, 2_500);
    await sleep(1_500);
    await bob.client.leave();
    await sleep(1_200);
    await recording.stop();
    await recording.ended;

    const manifest = await manifestOf(folder, 'tones');
    expect(manifest).toMatchObject({ room: 'tones', startedBy: null, mix: 'mix.wav', sampleRate: RATE });
    expect(manifest.video).toMatchObject({ width: 640, height: 360, frameRate: 15 });
    const entry = (id: string) => manifest.participants.find((participant) => participant.id === id)!;
    const fileOf = (id: string, source: string) => entry(id).tracks.find((track) => track.source === source)!;
    expect(entry(bob.id)).toMatchObject({ userName: '../Bob', leftAt: expect.any(String) });
    const tones = [
      { track: fileOf(ada.id, 'microphone'), hz: 400, ear: adaHeard },
      { track: fileOf(bob.id, 'microphone'), hz: 1_000, ear: bobHeard },
      { track: fileOf(ada.id, 'music'), hz: 2_500, ear: musicHeard },
    ];
    const mix = await samplesOf(join(manifest.path, 'mix.wav'));
    expect(mix.length).toBe(manifest.samples);
    expect(mix.length / RATE).toBeGreaterThan(5);
    for (const { track, hz, ear } of tones) {
      const samples = await samplesOf(join(manifest.path, track.file));
      expect(samples.length, track.file).toBe(manifest.samples);
      const first = samples.findIndex(isLoud);
      const end = samples.findLastIndex(isLoud);
      const heardAt = ear.firstLoudAt - Date.parse(manifest.startedAt);
      // Ada spoke before the recording began.
      if (ear !== adaHeard) expect(Math.abs((first * 1_000) / RATE - heardAt), track.file).toBeLessThan(20);
      const from = first + RATE / 10;
      const sound = samples.subarray(from, Math.min(end - RATE / 10, from + 4 * RATE));
      // A receiver stretches sound a little where it comes unevenly: there its phase jumps.
      const levels = Array.from({ length: Math.floor((10 * sound.length) / RATE) }, (_, n) => {
        const at = (n * RATE) / 10;
        return measureTone(sound.subarray(at, at + RATE / 10), RATE, hz).amplitude;
      });
      expect(levels.filter((level) => level > -18).length / levels.length).toBeGreaterThan(0.8);
      // What a machine under load cannot bring is missing for everybody.
      expect(gapsIn(samples, RATE), track.file).toBeLessThanOrEqual(ear.gaps);
      expect(measureTone(mix.subarray(from, from + RATE), RATE, hz).amplitude).toBeGreaterThan(-20);
      expect(track.lostSamples).toBeLessThan(0.02 * samples.length);
    }
  });

  it('shows those who can be seen in a grid', async () => {
    await room.enter('grid', 'Ada', { hz: 400, pictures: true });
    const recording = await roomRecorder({ folder })(request('grid'));
    await sleep(2_000);
    const bob = await room.enter('grid', 'Bob', { hz: 500, pictures: true });
    await sleep(2_000);
    await bob.client.updateInputs({ camera: false });
    await sleep(1_200);
    await recording.stop();
    const manifest = await manifestOf(folder, 'grid');
    const pictures = await picturesOf(join(manifest.path, manifest.video!.file));
    expect(Math.abs(pictures.length / 15 - manifest.samples / RATE)).toBeLessThan(0.3);
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
    await room.enter('short', 'Ada', { hz: 400 });
    const recording = await roomRecorder({ folder, sampleRate: 16_000 })(
      request('short', { layout: { preset: 'audio-only' }, maxDuration: 1 }),
    );
    await expect(recording.update({ layout: { preset: 'grid' } })).rejects.toThrow(TypeError);
    await expect(recording.update({ video: { width: 32 } })).rejects.toThrow(TypeError);
    await recording.update({ layout: { preset: 'audio-only' }, maxDuration: 1.2 });
    await recording.ended;
    await Promise.all([recording.stop(), recording.stop()]);
    const manifest = await manifestOf(folder, 'short');
    expect(manifest.video).toBeNull();
    expect(manifest.samples / 16_000).toBeGreaterThan(1.1);
    expect(manifest.samples / 16_000).toBeLessThan(1.7);
    expect((await readdir(manifest.path)).sort()).toEqual(['01-ada-microphone.wav', 'mix.wav', 'recording.json']);
  });

  it('ends with an error when the disk takes no more, and the call goes on', async () => {
    const ada = await room.enter('full', 'Ada', { hz: 400 });
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

  it('ends with whole files when it is sent away', async () => {
    const ada = await room.enter('over', 'Ada', { hz: 400 });
    const client = new CallClient();
    const recording = await roomRecorder({ folder, client: () => client })(request('over'));
    await sleep(800);
    await client.leave();
    await recording.ended;
    const { samples, mix, path, participants } = await manifestOf(folder, 'over');
    expect(participants.map(({ id, leftAt }) => [id, leftAt])).toEqual([[ada.id, null]]);
    expect(await samplesOf(join(path, mix))).toHaveLength(samples);
  });
});
