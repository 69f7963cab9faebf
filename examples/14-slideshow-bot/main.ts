// Pictures that fade into one another, with a caption that tells the time.
import { graph } from '@sluice/core';
import { fromImages, overlay } from '@sluice/nodes';
import { CallClient, Daily, toCamera } from '@sluice/transport';
import { asset, openRoom } from '../room.ts';

await using room = await openRoom();
Daily.init();
const [width, height] = [1280, 720];
const camera = Daily.createCameraDevice('slides', { width, height, colorFormat: 'I420' });
const client = new CallClient();
await client.join(room.url, {
  clientSettings: { inputs: { camera: { isEnabled: true, settings: { deviceId: 'slides' } }, microphone: false } },
});

const slides = fromImages([asset('card.svg'), asset('hills.svg'), asset('night.svg')], {
  width,
  height,
  seconds: 2,
  crossFadeMs: 500,
  loop: true,
});
const bot = graph('slideshow-bot');
bot
  .from(slides)
  .pipe(overlay((t) => ({ text: `${Math.floor(t)} s`, sizePx: 40 }), { x: 'right', y: 'bottom', margin: 24 }))
  .to(toCamera(camera));
await bot.start();
await room.stopped;
await bot.stop();

await client.release();
await Daily.deinit();
