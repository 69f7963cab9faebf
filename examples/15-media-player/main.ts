// A film with its sound: talk.wav leads, talk.y4m beside it follows. Where there is no film, slides do.
import { existsSync } from 'node:fs';
import { graph, syncGroup } from '@sluice/core';
import { fromImages, fromWavFile, fromY4mFile, scale } from '@sluice/nodes';
import { CallClient, Daily, toCamera, toMicrophone } from '@sluice/transport';
import { asset, openRoom, say } from '../room.ts';

await using room = await openRoom();
const sound = room.file(asset('greeting.wav'));
const film = sound.replace(/\.wav$/i, '.y4m');

Daily.init();
const size = { width: 1280, height: 720 };
const microphone = Daily.createMicrophoneDevice('player-sound', { sampleRate: 48_000, channels: 2 });
const camera = Daily.createCameraDevice('player-pictures', { ...size, colorFormat: 'I420' });
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
await room.company(client);

const slides = [asset('card.svg'), asset('hills.svg'), asset('night.svg')];
const pictures = existsSync(film)
  ? fromY4mFile(film)
  : fromImages(slides, { ...size, seconds: 2, crossFadeMs: 300, loop: true });

const lips = syncGroup();
const player = graph('media-player');
const playing = lips.master(toMicrophone(microphone));
player.from(fromWavFile(sound, { end: room.seconds })).to(playing);
player
  .from(pictures)
  .pipe(scale(size))
  .to(lips.follow(toCamera(camera)));
await player.start();
await Promise.race([playing.finished, player.finished, room.stopped]);
await player.stop();

const { shown, dropped, skewMs } = lips.statistics();
say(`${shown} pictures, ${dropped} dropped; skew p50 ${skewMs.p50.toFixed(1)} ms, p99 ${skewMs.p99.toFixed(1)} ms`);
await client.release();
await Daily.deinit();
