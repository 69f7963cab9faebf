// The first bot: file -> graph of actors -> virtual microphone.
import { graph } from '@sluice/core';
import { fromWavFile, level, tap } from '@sluice/nodes';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';
import { command, machineTime, runBot, tellDemo } from './messages.ts';

const [url = '', path = '', channels = '1'] = process.argv.slice(2);
const sampleRate = 48_000;

await runBot(async () => {
  Daily.init();
  const microphone = Daily.createMicrophoneDevice('speaker-bot', { sampleRate, channels: Number(channels) });
  const client = new CallClient();
  await client.join(url, {
    clientSettings: {
      inputs: { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'speaker-bot' } } },
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
  bot.from(fromWavFile(path)).pipe(showLevel, tap(watch)).to(toMicrophone(microphone));
  await bot.run();
  watch();

  tellDemo({ type: 'spoken', startedAt, underruns: microphone.counters.underruns });
  await command('stop');
  await client.release();
  await Daily.deinit();
});
