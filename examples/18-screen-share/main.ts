// A bot that shares a screen: slides of text, sharp enough to be read, five pictures a second.
import { graph } from '@sluice/core';
import { fromImages } from '@sluice/nodes';
import { CallClient, CustomVideoSource, CustomVideoTrack, Daily, toCustomVideo } from '@sluice/transport';
import { openRoom } from '../room.ts';

const slide = (title: string, lines: readonly string[]) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" font-family="sans-serif">
    <rect width="1280" height="720" fill="white"/><rect width="1280" height="12" fill="#204080"/>
    <text x="80" y="150" font-size="64" fill="#204080">${title}</text>
    ${lines.map((line, index) => `<text x="80" y="${280 + index * 80}" font-size="40" fill="#333">${line}</text>`).join('')}
  </svg>`);

await using room = await openRoom();
Daily.init();
const screen = new CustomVideoSource(1280, 720, 'I420', { screen: true });
const client = new CallClient();
await client.join(room.url, {
  clientSettings: {
    inputs: {
      camera: false,
      microphone: false,
      screenVideo: { isEnabled: true, settings: { customTrack: { id: new CustomVideoTrack(screen).id } } },
    },
  },
});

const slides = fromImages(
  [
    slide('Screens are for reading', ['The encoder keeps detail', 'and gives up pictures per second first.']),
    slide('Five a second are enough', ['maxFramerate, maxBitrate and the codec', 'are send settings of the track.']),
  ],
  { width: 1280, height: 720, frameRate: 5, seconds: 3, loop: true },
);
const bot = graph('screen-share');
bot.from(slides).to(toCustomVideo(screen));
await bot.start();
await room.stopped;
await bot.stop();

await client.release();
await Daily.deinit();
