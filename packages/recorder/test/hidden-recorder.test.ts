import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roomRecorder } from '@sluice/recorder';
import { CallClient, Daily, type RoomServer, startRoomServer } from '@sluice/transport';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from './until.ts';

let server: RoomServer;
let folder: string;
const clients: CallClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-recorder-'));
  Daily.init();
  server = await startRoomServer({ recorder: roomRecorder({ folder }), tokens: () => ({ isOwner: true }) });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client[Symbol.asyncDispose]();
  await server.close();
  await Daily.deinit();
  await rm(folder, { recursive: true });
});

it('is asked for in the call, seen by nobody, and told of before anything is recorded', async () => {
  const [ada, bob] = [new CallClient(), new CallClient()];
  clients.push(ada, bob);
  const url = server.roomUrl('quiet');
  for (const client of clients) await client.join(url, { token: 'owner' });
  let toldAt = Number.NaN;
  bob.on('recording-started', () => {
    toldAt = Date.now();
  });
  await ada.startRecording();
  await until(() => bob.participantCounts().hidden === 1);
  expect(Object.keys(bob.participants()).sort()).toEqual(['local', ada.participants().local.id].sort());
  expect(bob.participantCounts().present).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await ada.stopRecording();
  await until(() => bob.participantCounts().hidden === 0);
  const [name] = await readdir(join(folder, 'quiet'));
  const manifest = JSON.parse(await readFile(join(folder, 'quiet', name!, 'recording.json'), 'utf8'));
  expect(manifest).toMatchObject({ startedBy: ada.participants().local.id, room: 'quiet' });
  expect(manifest.participants).toHaveLength(2);
  expect(Date.parse(manifest.startedAt)).toBeGreaterThanOrEqual(toldAt);
});
