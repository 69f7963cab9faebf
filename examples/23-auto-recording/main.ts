// A token that starts the recording as its bearer comes in; a picture is shown meanwhile.
import { randomBytes } from 'node:crypto';
import { graph } from '@sluice/core';
import { fromImage } from '@sluice/nodes';
import { roomRecorder } from '@sluice/recorder';
import { CallClient, Daily, meetingTokens, startRoomServer, toCamera } from '@sluice/transport';
import { asset, say } from '../room.ts';

const seconds = Number(process.argv[2] ?? 5);
const tokens = meetingTokens({ secrets: [randomBytes(32)], audience: 'auto-recording', guests: true });
await using server = await startRoomServer({ tokens, recorder: roomRecorder({ folder: 'recordings' }) });
const { token } = await tokens.mint({ room: 'show', owner: true, startRecording: true });

Daily.init();
const camera = Daily.createCameraDevice('easel', { width: 640, height: 360, colorFormat: 'I420' });
const client = new CallClient();
const recording = new Promise<string>((resolve) => {
  client.on('recording-started', ({ status }) => resolve(status.streamId));
});
const settings = { deviceId: 'easel' };
await client.join(server.roomUrl('show'), {
  token,
  clientSettings: { inputs: { camera: { isEnabled: true, settings } } },
});
const show = graph('show');
show.from(fromImage(asset('hills.svg'), { width: 640, height: 360, frameRate: 15 })).to(toCamera(camera));
await show.start();

const streamId = await recording;
say(`recording for ${seconds} s`);
await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
await client.stopRecording({ streamId });
say('everything is in recordings/');
await show.stop();
await client.release();
await Daily.deinit();
