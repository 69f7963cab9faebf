// Brings into a room what OBS, or any encoder, sends by RTMP: sound and pictures in step.
import { graph, syncGroup } from '@sluice/core';
import { scale } from '@sluice/nodes';
import { fromLiveMedia } from '@sluice/plugin-ffmpeg';
import { CallClient, Daily, toCamera, toMicrophone } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

await using room = await openRoom();
const address = `rtmp://${room.file('127.0.0.1:1935')}/live`;

Daily.init();
const size = { width: 1280, height: 720 };
const microphone = Daily.createMicrophoneDevice('stream-sound', { sampleRate: 48_000, channels: 2 });
const camera = Daily.createCameraDevice('stream-pictures', { ...size, colorFormat: 'I420' });
const client = new CallClient();
await client.join(room.url, {
  clientSettings: {
    inputs: {
      microphone: { isEnabled: true, settings: { deviceId: microphone.name } },
      camera: { isEnabled: true, settings: { deviceId: camera.name } },
    },
    publishing: { microphone: { isPublishing: true, sendSettings: 'music' } },
  },
});

const stream = fromLiveMedia(address, { listen: true });
const lips = syncGroup();
const stage = graph('live-stream');
stage.from(stream.audio).to(lips.master(toMicrophone(microphone)));
stage
  .from(stream.video)
  .pipe(scale({ ...size, fit: 'contain' }))
  .to(lips.follow(toCamera(camera)));
await stage.start();
say(`send to ${address}`);
await Promise.race([stage.finished, room.stopped]);
await stage.stop();

const { shown, dropped, skewMs } = lips.statistics();
say(`${shown} pictures, ${dropped} dropped; skew p50 ${skewMs.p50.toFixed(1)} ms, p99 ${skewMs.p99.toFixed(1)} ms`);
await client.release();
await Daily.deinit();
