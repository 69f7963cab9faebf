// Everybody in the call, side by side, into a video file, and what they say into a sound file.
import { graph } from '@sluice/core';
import { composite, toWavFile, toY4mFile } from '@sluice/nodes';
import { CallClient, Daily, fromParticipantVideo, fromSpeaker } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

await using room = await openRoom();
Daily.init();
const speaker = Daily.createSpeakerDevice('ears', { sampleRate: 48_000, channels: 1 });
Daily.selectSpeakerDevice('ears');
const client = new CallClient();

const video = toY4mFile(room.file('grid.y4m'));
const audio = toWavFile('grid.wav');
const bot = graph('grid-recorder');
const grid = bot.add(composite({ width: 960, height: 540, frameRate: 25, layout: 'grid' }));
grid.out.out.to(video);
bot.from(fromSpeaker(speaker)).to(audio);
await bot.start();

client.on('participant-joined', ({ participant }) => {
  // The branch ends by itself when they leave.
  void bot.change((edit) => edit.from(fromParticipantVideo(client, participant.id)).to(grid.input(participant.id)));
});
await client.join(room.url);
await room.stopped;
await bot.stop();

const { frames } = await video.finished;
const { duration } = await audio.finished;
say(`grid.y4m: ${frames} pictures; grid.wav: ${(duration / 1e6).toFixed(1)} s`);
await client.release();
await Daily.deinit();
