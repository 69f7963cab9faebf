// What it costs that a WHIP endpoint decodes and encodes what is published, beside publishers who are in the room themselves.

import { realClock, sleep } from '@sluice/core';
import { type RoomServer, startRoomServer } from '@sluice/transport';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds, each } from '../measuring/cpu-rounds.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench } from '../measuring/report.ts';
import type { Rounds } from '../measuring/rounds.ts';

/** Publishers, each in a room of its own with one who listens. */
const COUNT = 3;

interface Cost {
  /** Of publishers, listeners and the endpoint. */
  readonly all: Rounds;
  readonly endpoint: Rounds | undefined;
}

/** Sound in one channel, then also 640x360 at 15 pictures a second: percent of a core for each publisher. */
export const whip: Bench = {
  name: 'whip',
  async run(report, { quick, note }) {
    if (!canMeasureTrees()) return note('no /proc here: no rows');
    const seconds = quick ? 4 : 10;
    const server = await startRoomServer();
    try {
      for (const pictures of [false, true]) {
        const plain = await cost(server, { seconds, pictures, through: false });
        const through = await cost(server, { seconds, pictures, through: true });
        const what = pictures ? 'sound and pictures' : 'sound';
        const peer = { name: 'publishers in the room', value: plain.all.value };
        report(`all processes, ${what}`, through.all, '% of a core', peer, 'lower');
        report(`the endpoint, ${what}`, through.endpoint!, '% of a core', undefined, 'lower');
      }
    } finally {
      await server.close();
    }
  },
};

interface Wanted {
  readonly seconds: number;
  readonly pictures: boolean;
  readonly through: boolean;
}

async function cost(server: RoomServer, { seconds, pictures, through }: Wanted): Promise<Cost> {
  await using publishers = new ChildProgram('whip-publishers');
  await using listeners = new ChildProgram('whip-listeners');
  await using endpoint = new ChildProgram('whip-endpoint');
  const names = Array.from({ length: COUNT }, (_, index) => `whip-${through}-${pictures}-${index}`);
  const rooms = names.map((name) => server.roomUrl(name));
  await listeners.call('hear', rooms);
  if (through) {
    await endpoint.call('start', new URL('.', rooms[0]).href);
    await publishers.call('publish', await endpoint.call<string[]>('urls', names), pictures);
  } else await publishers.call('join', rooms, pictures);
  await sleep(realClock, 4_000);
  const [pid, others] = [new ProcessTree(endpoint.pid), [publishers, listeners].map((one) => new ProcessTree(one.pid))];
  const taken = () => listeners.call<{ readonly heardMs: number; readonly pictures: number }>('taken');
  const before = await taken();
  const [all, own] = await Promise.all([
    cpuRounds(through ? [...others, pid] : others, seconds),
    cpuRounds([pid], seconds),
  ]);
  const after = await taken();
  const [heard, seen] = [after.heardMs - before.heardMs, after.pictures - before.pictures];
  if (heard < COUNT * seconds * 900) throw new Error(`heard ${heard} ms of ${COUNT * seconds * 1_000} only`);
  if (pictures && seen < COUNT * seconds * 10) throw new Error(`saw ${seen} pictures only`);
  return { all: each(all, COUNT), endpoint: through ? each(own, COUNT) : undefined };
}
