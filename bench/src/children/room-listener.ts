import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type RecordingManifest, roomRecorder } from '@sluice/recorder';
import { CallClient, Daily, type RunningRecording } from '@sluice/transport';
import { collectGarbage } from './collect-garbage.ts';
import { serve } from './serve.ts';

let recording: RunningRecording | undefined;
let root = '';
let frames = 0;

serve({
  /** Loaded, and without garbage. */
  settle: collectGarbage,

  /** Receives everybody's sound and pictures, and only counts them. */
  async count(url: string): Promise<void> {
    Daily.init();
    const client = new CallClient();
    const count = (_: string, frame: { close(): void }) => {
      frames++;
      frame.close();
    };
    client.on('participant-joined', ({ participant: { id } }) => {
      client.setAudioRenderer(id, count, { sampleRate: 48_000 });
      client.setVideoRenderer(id, count, { colorFormat: 'I420' });
    });
    await client.join(url, { token: 'service' });
  },

  counted: (): number => frames,

  /** Records the room into a folder. */
  async record(url: string, folder: string): Promise<void> {
    Daily.init();
    root = folder;
    const entry = { url, token: 'service', room: 'bench' };
    const status = { streamId: 'bench', recordingId: 'bench', startedBy: null };
    recording = await roomRecorder({ folder })({ entry, status, settings: {} });
  },

  /** Ends the recording, whose files are then removed. */
  async stop(): Promise<RecordingManifest> {
    await recording!.stop();
    const room = join(root, 'bench');
    const [name] = await readdir(room);
    const manifest = JSON.parse(await readFile(join(room, name!, 'recording.json'), 'utf8'));
    await rm(root, { recursive: true });
    return manifest;
  },
});
