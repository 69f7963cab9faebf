// The first bot: file -> graph of actors -> virtual microphone; with pictures, a test picture -> virtual camera as well.
import { graph, syncGroup } from '@sluice/core';
import { fromTestPattern, fromWavFile, level, tap } from '@sluice/nodes';
import { CallClient, Daily, toCamera, toMicrophone } from '@sluice/transport';
import { command, machineTime, runBot, tellDemo } from './messages.ts';
import { testPicture } from './test-picture.ts';

const [url = '', path = '', channels = '1', frames = '0'] = process.argv.slice(2);
const pictures = Number(frames);
const sampleRate = 48_000;

await runBot(async () => {
  Daily.init();
  const microphone = Daily.createMicrophoneDevice('speaker-bot', { sampleRate, channels: Number(channels) });
  const { width, height } = testPicture;
  const camera = Daily.createCameraDevice('speaker-bot-camera', { width, height, colorFormat: 'I420' });
  const client = new CallClient();
  await client.join(url, {
    clientSettings: {
      inputs: {
        camera: { isEnabled: pictures > 0, settings: { deviceId: camera.name } },
        microphone: { isEnabled: true, settings: { deviceId: microphone.name } },
      },
      publishing: { microphone: { isPublishing: true, sendSettings: 'music' } },
    },
  });
  tellDemo({ type: 'joined' });
  await command('speak');

  let startedAt = Number.POSITIVE_INFINITY;
  const watch = () => {
    // Progress comes late by a few milliseconds at most times, never early: the earliest is the truest.
    const playedMs = (microphone.counters.played * 1000) / sampleRate;
    if (playedMs > 0) startedAt = Math.min(startedAt, machineTime() - playedMs);
  };
  const showLevel = level({
    intervalMs: 200,
    onLevel: ({ rmsDb, timestamp }) => tellDemo({ type: 'progress', mediaMs: timestamp / 1000 + 200, levelDb: rmsDb }),
  });

  const bot = graph('speaker-bot');
  const lips = syncGroup();
  const speech = bot.from(fromWavFile(path)).pipe(showLevel, tap(watch));
  if (pictures === 0) speech.to(toMicrophone(microphone));
  else {
    speech.to(lips.master(toMicrophone(microphone)));
    bot.from(fromTestPattern({ ...testPicture, frames: pictures })).to(lips.follow(toCamera(camera)));
  }
  await bot.run();
  watch();

  const skewMs = pictures === 0 ? undefined : lips.statistics().skewMs;
  tellDemo({ type: 'spoken', startedAt, underruns: microphone.counters.underruns, skewMs });
  await command('stop');
  await client.release();
  await Daily.deinit();
});
