// What a room takes: joining, messages, recovery, many participants, somebody who means harm.

import { startRoomServer } from '@sluice/transport';
import type { JoinTimes } from '../children/join-times.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import { percentile } from '../measuring/percentile.ts';
import type { Bench } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';

const raw = 'raw @roamhq/wrtc, no signalling';

/** From `join` to the first sound of somebody who speaks already, both sides in processes of their own. */
export const join: Bench = {
  name: 'join',
  async run(report, { quick }) {
    const times = quick ? 6 : 20;
    const server = await startRoomServer();
    try {
      const [ours, theirs] = [await callJoins(server.roomUrl('join'), times), await rawJoins(times)];
      const heard = ours.map((one) => one.heard);
      for (const [name, share] of [
        ['p50', 0.5],
        ['p95', 0.95],
      ] as const) {
        const peer = { name: raw, value: percentile(theirs, share) };
        report(`join to first sound, ${name} of ${times}`, percentileInTenths(heard, share), 'ms', peer, 'lower');
      }
      const joined = percentileInTenths(
        ours.map((one) => one.joined),
        0.5,
      );
      report(`join until let in, p50 of ${times}`, joined, 'ms', undefined, 'lower');
    } finally {
      await server.close();
    }
  },
};

async function callJoins(url: string, times: number): Promise<JoinTimes[]> {
  await using speaker = new ChildProgram('join-times');
  await using joiner = new ChildProgram('join-times');
  await speaker.call('speak', url);
  await joiner.call('warmUp');
  await joiner.call('join', url);
  const all: JoinTimes[] = [];
  for (let count = 0; count < times; count++) all.push(await joiner.call<JoinTimes>('join', url));
  return all;
}

async function rawJoins(times: number): Promise<number[]> {
  await using peers = new ChildProgram('raw-join');
  // The first loads the engine.
  await peers.call('join');
  const all: number[] = [];
  for (let count = 0; count < times; count++) all.push(await peers.call<number>('join'));
  return all;
}
