// The first one who comes sees themselves, mirrored, with a caption that tells the time.
import { graph } from '@sluice/core';
import { flip, overlay, scale } from '@sluice/nodes';
import { CallClient, Daily, fromParticipantVideo, toCamera } from '@sluice/transport';
import { openRoom } from '../room.ts';

await using room = await openRoom();
Daily.init();
const [width, height] = [640, 360];
const camera = Daily.createCameraDevice('mirror', { width, height, colorFormat: 'I420' });
const client = new CallClient();
await client.join(room.url, {
  clientSettings: { inputs: { camera: { isEnabled: true, settings: { deviceId: 'mirror' } }, microphone: false } },
});

const caption = overlay({ text: 'mirror', sizePx: 28, color: 'white' }, { x: 'right', y: 'bottom', margin: 16 });
const bot = graph('mirror');
bot
  .from(fromParticipantVideo(client, await room.other(client), { colorFormat: 'I420' }))
  // Their picture may have any size, and change it while the call goes on.
  .pipe(scale({ width, height, fit: 'contain' }), flip({ direction: 'horizontal' }), caption)
  .to(toCamera(camera));
await bot.start();
await Promise.race([bot.finished, room.stopped]);
await bot.stop();

await client.release();
await Daily.deinit();
