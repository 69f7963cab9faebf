import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureTone } from '@sluice/core/testing';
import { fromWavFile, toFrames } from '@sluice/nodes';
import { isAvailable } from '@sluice/plugin-pocketsphinx';
import { createSecret, type TranscriptionMessage } from '@sluice/protocol';
import type { RecordingManifest } from '@sluice/recorder';
import { CallClient, createMeetingToken, Daily } from '@sluice/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say } from '../../../test/speech/speech.ts';
import { isLoud } from './ear.ts';
import { until } from './until.ts';

const path = fileURLToPath(new URL('../../../scripts/run-room.mjs', import.meta.url));
let folder: string;
let client: CallClient;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-program-'));
  Daily.init();
  client = new CallClient();
});
afterEach(async () => {
  await client.release();
  await Daily.deinit();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** Runs `npm run room` without npm; `out` and `err` are all that it ever wrote. */
function program(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [path, '--port', '0', ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const closed = once(child, 'close');
  const run = { out: '', err: '', status: async () => (await closed)[0] as number | null, child };
  child.stdout.on('data', (text) => {
    run.out += text;
  });
  child.stderr.on('data', (text) => {
    run.err += text;
  });
  return run;
}

async function started(args: readonly string[], env?: Record<string, string>) {
  const run = program(args, env);
  const failed = run.status().then(() => Promise.reject(new Error(run.err)));
  // After a start it ends when it is told to.
  failed.catch(() => {});
  await Promise.race([until(() => run.out.includes('\n'), 60_000), failed]);
  return { run, url: run.out.split('\n', 1)[0]! };
}

async function closes({ run, url }: Awaited<ReturnType<typeof started>>): Promise<void> {
  run.child.kill('SIGTERM');
  expect(await run.status()).toBe(0);
  // The link and nothing else.
  expect([run.out, run.err]).toEqual([`${url}\n`, '']);
}

/** The recordings of a room, each with where it is. */
async function recordingsOf(
  recordings: string,
  room: string,
): Promise<readonly (RecordingManifest & { at: string })[]> {
  const names = await readdir(join(folder, recordings, room)).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      const at = join(folder, recordings, room, name);
      return { ...JSON.parse(await readFile(join(at, 'recording.json'), 'utf8')), at };
    }),
  );
}

const tone = (seconds: number) =>
  Int16Array.from({ length: 16_000 * seconds }, (_, n) => 8_000 * Math.sin((2 * Math.PI * 400 * n) / 16_000));

/** With a microphone. */
async function joinWithMicrophone(url: string, token?: string) {
  const microphone = Daily.createMicrophoneDevice('mic', { sampleRate: 16_000 });
  const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'mic' } } };
  await client.join(url, { ...(token !== undefined && { token }), clientSettings: { inputs } });
  return microphone;
}

describe('npm run room', () => {
  it('records for owners what they ask for, and ends whole', async () => {
    const secret = createSecret();
    const server = await started(['--room', 'standup', '--private', '--recordings', 'calls'], {
      SLUICE_SECRET: secret,
    });
    const token = await createMeetingToken({ secret, audience: 'sluice', room: 'standup', owner: true, name: 'Ada' });
    const microphone = await joinWithMicrophone(server.url, token);
    await client.startRecording();
    await until(() => client.participantCounts().hidden === 1);
    await microphone.writeFrames(tone(2));
    await client.stopRecording();
    await until(() => client.participantCounts().hidden === 0);

    const [manifest] = await recordingsOf('calls', 'standup');
    expect(manifest).toMatchObject({ room: 'standup', participants: [{ userName: 'Ada' }], mix: 'mix.wav' });
    const frames = toFrames({ limit: 1_000_000 });
    fromWavFile(join(manifest!.at, manifest!.participants[0]!.tracks[0]!.file)).subscribe(frames);
    const samples = Int16Array.from((await frames.finished).flatMap(({ samples }) => [...samples]));
    const first = samples.findIndex(isLoud);
    expect(measureTone(samples.subarray(first + 4_800, first + 28_800), 48_000, 400).amplitude).toBeGreaterThan(-20);
    expect((await stat(join(manifest!.at, 'video.y4m'))).size).toBeGreaterThan(0);
    await closes(server);
  });

  it('lets anybody on this machine record, and writes a recording that runs when it is told to end', async () => {
    const server = await started([]);
    await client.join(server.url);
    await client.startRecording({ streamingSettings: { layout: { preset: 'audio-only' } } });
    await until(() => client.participantCounts().hidden === 1);
    await closes(server);
    const [manifest] = await recordingsOf('recordings', 'hello');
    expect(manifest).toMatchObject({ room: 'hello', startedBy: expect.any(String) });
    expect((await stat(join(manifest!.at, 'mix.wav'))).size).toBeGreaterThan(0);
  });

  it('lets nobody record who is not told to, where a rule or a proxy lets strangers in', async () => {
    const server = await started(['--name', 'meet.example']);
    await client.join(server.url);
    await expect(client.startRecording()).rejects.toMatchObject({ code: 'SLUICE_ROOM_DENIED' });
    await closes(server);
  });

  it('tells what it takes, and of recognisers that there are not', async () => {
    const help = program(['--help']);
    expect([await help.status(), help.err]).toEqual([0, '']);
    expect(help.out).toMatch(/--port .*--recordings .*--transcribe .*--open /s);
    const wrong = program(['--transcribe', 'soundswallower']);
    expect([await wrong.status(), wrong.out]).toEqual([2, '']);
    expect(wrong.err).toMatch(/--transcribe.*pocketsphinx.*soundswallower.*usage: npm run room/s);
  });

  it('transcribes with pocketsphinx, or says how to get it', async () => {
    if (!(await isAvailable())) {
      const run = program(['--transcribe', 'pocketsphinx']);
      expect([await run.status(), run.out]).toEqual([1, '']);
      return expect(run.err).toContain('apt-get install libpocketsphinx3 pocketsphinx-en-us');
    }
    const server = await started(['--transcribe', 'pocketsphinx']);
    const microphone = await joinWithMicrophone(server.url);
    const finals: TranscriptionMessage[] = [];
    client.on('transcription-message', (message) => {
      if (message.isFinal) finals.push(message);
    });
    await client.startTranscription();
    await until(() => client.participantCounts().hidden === 1);
    // A machine under load may lose a sound, and a word with it.
    const understood = () => finals.some(({ text }) => text.includes('timer'));
    for (let time = 0; time < 4 && !understood(); time++)
      await microphone.writeFrames(
        new Int16Array([...say('set a timer for twenty seconds'), ...new Int16Array(32_000)]),
      );
    expect(finals.map(({ text }) => text).join('\n')).toContain('timer');
    await client.stopTranscription();
    await client.leave();
    await closes(server);
  });
});
