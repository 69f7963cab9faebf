// Rooms of a Janus server that grow, one publisher for five subscribers, until they are so many or the machine is full.
import { parseArgs } from 'node:util';
import { Daily } from '@sluice/transport';
import { startJanus } from '@sluice/transport/testing';
import { say } from '../room.ts';
import { Crowd } from './crowd.ts';

const { values } = parseArgs({
  options: {
    rooms: { type: 'string', default: '1' },
    publishers: { type: 'string', default: '20' },
    steps: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
  },
});
const [most, steps, seconds] = [Number(values.publishers), Number(values.steps), Number(values.seconds)];
/** Of the sound, the share that may be missing. */
const MISSING = 0.01;

const janus = await startJanus();
Daily.init();
const rooms = Array.from({ length: Number(values.rooms) }, (_, n) => janus.roomUrl(`crowd-${n}`));
const crowd = new Crowd(rooms);
let carried = 0;
for (let step = 1; step <= steps; step++) {
  const publishers = Math.ceil((most * step) / steps);
  await crowd.grow(publishers, 5 * publishers);
  const { heard, cores } = await crowd.listen(1_000 * seconds);
  const share = (100 * heard).toFixed(1);
  say(`publishers ${publishers}, subscribers ${5 * publishers}: ${share} % heard, ${cores.toFixed(2)} cores`);
  if (heard < 1 - MISSING) break;
  carried = publishers;
}
say(`carried: publishers ${carried}, subscribers ${5 * carried}`);
await crowd.leave();
await Daily.deinit();
await janus.close();
