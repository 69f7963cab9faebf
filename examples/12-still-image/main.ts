// A picture, through a graph, into the camera of a call: 30 frames a second.
import { graph } from '@sluice/core';
import { fromImage } from '@sluice/nodes';
import { CallClient, Daily, toCamera } from '@sluice/transport';
import { asset, openRoom } from '../room.ts';

await using room = await openRoom();
Daily.init();
const camera = Daily.createCameraDevice('my-camera', { width: 1280, height: 720, colorFormat: 'RGB' });
const client = new CallClient();
await client.join(room.url, {
  clientSettings: { inputs: { camera: { isEnabled: true, settings: { deviceId: 'my-camera' } }, microphone: false } },
});

const picture = fromImage(room.file(asset('card.svg')), {
  width: camera.width,
  height: camera.height,
  frameRate: 30,
  duration: room.seconds,
});
const bot = graph('still-image');
bot.from(picture).to(toCamera(camera));
await bot.start();
await Promise.race([bot.finished, room.stopped]);
await bot.stop();

await client.release();
await Daily.deinit();
