// The second bot: virtual speaker -> graph of actors -> WAV file; with pictures, what the camera shows -> contact sheet.
import { writeFileSync } from 'node:fs';
import { graph } from '@sluice/core';
import { tap, toNull, toWavFile } from '@sluice/nodes';
import { CallClient, Daily, fromParticipantVideo, fromSpeaker } from '@sluice/transport';
import { drawContactSheet } from './contact-sheet.ts';
import { command, machineTime, runBot, tellDemo } from './messages.ts';
import { judge, PictureWatch } from './picture-watch.ts';

const [url = '', path = '', channels = '1', frames = '0', sheet = ''] = process.argv.slice(2);
const pictures = Number(frames);
/** Pictures on the contact sheet. */
const SHOWN = 12;

await runBot(async () => {
  Daily.init();
  const speaker = Daily.createSpeakerDevice('listener-bot', { sampleRate: 48_000, channels: Number(channels) });
  Daily.selectSpeakerDevice('listener-bot');
  const client = new CallClient();

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
  const watch = new PictureWatch(pictures, SHOWN);
  const eye = graph('eye');
  client.once('participant-joined', ({ participant }) => {
    if (pictures === 0) return;
    eye
      .from(fromParticipantVideo(client, participant.id, { colorFormat: 'I420' }))
      .pipe(tap((frame) => watch.take(frame)))
      .to(toNull());
    void eye.start();
  });
  await client.join(url);
  tellDemo({ type: 'joined' });
  await bot.start();
  await command('stop');
  await Promise.all([bot.stop(), eye.stop()]);

  const { gaps } = await file.finished;
  const judged = await judge(watch.kept);
  if (pictures > 0) writeFileSync(sheet, drawContactSheet(judged));
  const psnrDb = judged.flatMap((picture) => picture.psnrDb ?? []);
  const seen = pictures === 0 ? undefined : { ...watch.sightings, psnrDb };
  tellDemo({ type: 'heard', startedAt, deviceGaps: gaps, seen });
  await client.release();
  await Daily.deinit();
});
