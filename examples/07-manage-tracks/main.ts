// Custom tracks come, change and go while the call goes on.
import { setTimeout as sleep } from 'node:timers/promises';
import { fromTone } from '@sluice/nodes';
import { CallClient, CustomAudioSource, CustomAudioTrack, Daily, toCustomAudio } from '@sluice/transport';
import { Subscription } from 'rxjs';
import { openRoom, say } from '../room.ts';

const humming = new Subscription();
const heardOut: Promise<unknown>[] = [];

/** A track that hums at a frequency. */
function hum(frequency: number): CustomAudioTrack {
  const source = new CustomAudioSource(48_000, 1);
  const sink = toCustomAudio(source);
  humming.add(fromTone({ frequency, live: true }).subscribe(sink));
  heardOut.push(sink.finished);
  return new CustomAudioTrack(source);
}

await using room = await openRoom();
Daily.init();
const client = new CallClient();
client.on('active-speaker-changed', ({ participant }) => say(`active speaker: ${participant?.id ?? 'nobody'}`));
await client.join(room.url);
await room.company(client);
const pause = ((room.seconds ?? 6) * 1000) / 3;

await client.addCustomAudioTrack('my-audio', hum(440), { ignoreAudioLevel: false });
say('added: 440 Hz');
await sleep(pause);

// Another track under the same name, without a break; from now on it does not make us the active speaker.
await client.updateCustomAudioTrack('my-audio', hum(660), { ignoreAudioLevel: true });
say('updated: 660 Hz');
await sleep(pause);

await client.removeCustomAudioTrack('my-audio');
say('removed');
await sleep(pause);

// What was hummed plays to its end before its source goes.
humming.unsubscribe();
await Promise.all(heardOut);
await client.leave();
await Daily.deinit();
