// Speech or silence, as a line that moves: the native VAD on what the speaker hears, 10 ms at a time.
import { CallClient, Daily } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

const RATE = 16_000;
/** So sure, for so many blocks of 10 ms, and it is speech; and as long not, and it is silence. */
const SURE = 0.9;
const BLOCKS = 20;

await using room = await openRoom();
Daily.init();
const speaker = Daily.createSpeakerDevice('my-speaker', { sampleRate: RATE });
Daily.selectSpeakerDevice('my-speaker');
const vad = await Daily.createNativeVad({ sampleRate: RATE, resetPeriodMs: 1_000 });
const client = new CallClient();
await client.join(room.url);
let open = true;
void room.stopped.then(() => {
  open = false;
});

let speaking = false;
let against = 0;
while (open) {
  const heard = await speaker.readFrames(RATE / 100);
  // Nobody is there yet.
  if (heard.length === 0) continue;
  const confidence = await vad.analyzeFrames(heard);
  against = confidence >= SURE === speaking ? 0 : against + 1;
  if (against >= BLOCKS) {
    speaking = !speaking;
    against = 0;
    say(speaking ? 'speech' : 'silence');
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${'#'.repeat(Math.round(40 * confidence)).padEnd(40)}\r`);
}
await client.release();
await Daily.deinit();
