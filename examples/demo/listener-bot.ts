// The second bot: virtual speaker -> graph of actors -> WAV file.
import { graph } from '@sluice/core';
import { tap, toWavFile } from '@sluice/nodes';
import { CallClient, Daily, fromSpeaker } from '@sluice/transport';
import { command, machineTime, runBot, tellDemo } from './messages.ts';

const [url = '', path = '', channels = '1'] = process.argv.slice(2);

await runBot(async () => {
  Daily.init();
  const speaker = Daily.createSpeakerDevice('listener-bot', { sampleRate: 48_000, channels: Number(channels) });
  Daily.selectSpeakerDevice('listener-bot');
  const client = new CallClient();
  await client.join(url);
  tellDemo({ type: 'joined' });

  let startedAt = Number.POSITIVE_INFINITY;
  let hearing = false;
  const file = toWavFile(path);
  const bot = graph('listener-bot');
  bot
    .from(fromSpeaker(speaker))
    .pipe(
      tap((frame) => {
        if (!hearing) tellDemo({ type: 'hearing' });
        hearing = true;
        startedAt = Math.min(startedAt, machineTime() - (frame.timestamp + frame.duration) / 1000);
      }),
    )
    .to(file);
  await bot.start();
  await command('stop');
  await bot.stop();

  const { gaps } = await file.finished;
  tellDemo({ type: 'heard', startedAt, deviceGaps: gaps });
  await client.release();
  await Daily.deinit();
});
