// Without a graph: pixels of your own into the camera, one frame each 33 ms.
import { setTimeout as sleep } from 'node:timers/promises';
import { CallClient, Daily } from '@sluice/transport';
import { openRoom } from '../room.ts';

await using room = await openRoom();
Daily.init();
const camera = Daily.createCameraDevice('my-camera', { width: 640, height: 480, colorFormat: 'RGB' });
const client = new CallClient();
await client.join(room.url, {
  clientSettings: { inputs: { camera: { isEnabled: true, settings: { deviceId: 'my-camera' } }, microphone: false } },
});

const frame = new Uint8Array(640 * 480 * 3);
let running = true;
void room.stopped.then(() => {
  running = false;
});
for (let index = 0; running; index++) {
  for (let at = 0; at < frame.length; at += 3) {
    const x = (at / 3) % 640;
    frame[at] = (x + 4 * index) & 255;
    frame[at + 1] = 128;
    frame[at + 2] = 255 - ((x + 4 * index) & 255);
  }
  camera.writeFrame(frame);
  await sleep(1000 / 30);
}

await client.release();
await Daily.deinit();
