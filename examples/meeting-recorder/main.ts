// Everybody in a call into a file of their own, and all of them into one; who comes and goes changes the running graph.
import { graph } from '@sluice/core';
import { toWavFile } from '@sluice/nodes';
import { CallClient, Daily, fromCall, fromParticipantAudio } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

await using room = await openRoom();
Daily.init();
const client = new CallClient();
const meeting = toWavFile('meeting.wav');
const files = [meeting];

const recorder = graph('meeting-recorder');
recorder.from(fromCall(client)).to(meeting);
await recorder.start();

let guests = 0;
client.on('participant-joined', ({ participant }) => {
  const path = `guest-${++guests}.wav`;
  const file = toWavFile(path);
  files.push(file);
  say(`${participant.id} goes into ${path}`);
  // The branch ends by itself when they leave; the others do not notice.
  void recorder.change((edit) => edit.from(fromParticipantAudio(client, participant.id)).to(file));
});
await client.join(room.url);
await room.stopped;
await recorder.stop();

for (const file of files) {
  const { path, duration } = await file.finished;
  say(`${path}: ${(duration / 1e6).toFixed(1)} s`);
}
await client.release();
await Daily.deinit();
