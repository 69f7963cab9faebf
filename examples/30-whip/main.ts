// Publishes by WHIP what an encoder would, into a room that has an endpoint for it.
import { graph } from '@sluice/core';
import { fromTestPattern, fromTone } from '@sluice/nodes';
import { Daily, startWhipServer, toWhip } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

await using room = await openRoom();
Daily.init();
const endpoint = await startWhipServer({ roomUrl: () => room.url });
const url = endpoint.whipUrl('stage');
say(`publishing at ${url}`);

const size = { width: 640, height: 360 };
const duration = room.seconds ?? 60;
const live = toWhip(url, { video: size });
const show = graph('show');
show.from(fromTone({ frequency: 440, sampleRate: 48_000, duration, live: true })).to(live.audio);
show.from(fromTestPattern({ ...size, frameRate: 15, duration, format: 'I420', live: true })).to(live.video);
void room.stopped.then(() => show.stop());
await show.run();

await live.close();
await endpoint.close();
await Daily.deinit();
