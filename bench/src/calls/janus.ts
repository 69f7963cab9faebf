// What a room of Janus adds to sound on its way, beside an embedded room and the engine alone through the same server.

import { Daily, type RoomServer, startRoomServer } from '@sluice/transport';
import { ProbeListener, type RunningJanus, rawJanusCall, startJanus } from '@sluice/transport/testing';
import type { BenchOptions, Report } from '../measuring/report.ts';
import { median } from '../measuring/rounds.ts';
import { customSource, type Span, speak } from './latency.ts';

/** The same for both: a jitter buffer has found its size by the first, and goes on filling up. */
const span = { name: 'first 10 s', first: 100, end: 500 };

/** Each call's jitter buffer begins with a size by chance, which one call alone would be measured by. */
const CALLS = 5;

/** One way through a Janus server on this machine, from writing a 10 ms slice to the callback that brings it. */
export const bench = {
  name: 'janus',
  async run(report: Report, { quick }: BenchOptions): Promise<void> {
    const spans = [quick ? { ...span, end: 200 } : span];
    const janus = await startJanus();
    const rooms = await startRoomServer();
    Daily.init();
    const values: number[][] = [[], [], []];
    try {
      for (let call = 0; call < (quick ? 2 : CALLS); call++) {
        const once = await oneCall({ janus, rooms, name: `call-${call}`, spans });
        for (const [way, value] of once.entries()) values[way]!.push(value);
      }
    } finally {
      await Daily.deinit();
      await janus.close();
      await rooms.close();
    }
    const [custom, mesh, engine] = values.map(median);
    const peer = { name: 'raw @roamhq/wrtc, same server', value: engine!.value };
    report('custom source to renderer', custom!, 'ms', peer, 'lower');
    report('the same in an embedded room', mesh!, 'ms', peer, 'lower');
  },
};

interface OneCall {
  readonly janus: RunningJanus;
  readonly rooms: RoomServer;
  readonly name: string;
  readonly spans: readonly Span[];
}

/** Connections of their own for each way, which hear the same slices at the same times. Milliseconds of each. */
async function oneCall({ janus, rooms, name, spans }: OneCall): Promise<readonly number[]> {
  const call = await rawJanusCall(janus.roomUrl(`${name}-raw`));
  try {
    const listener = new ProbeListener();
    call.onAudio(({ samples, sampleRate, channelCount }, at) =>
      listener.push(samples, { sampleRate, channels: channelCount }, at),
    );
    await using ours = await customSource(janus.roomUrl(name), { autoSilence: false });
    await using embedded = await customSource(rooms.roomUrl(name), { autoSilence: false });
    const heard = await speak([ours, embedded, { listener, write: call.write }], spans);
    return heard.map(([first]) => first!.value);
  } finally {
    call.close();
  }
}
