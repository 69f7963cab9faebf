// What a room of Janus adds to sound on its way, beside an embedded room and the engine alone through the same server.

import { Daily, startRoomServer } from '@sluice/transport';
import { ProbeListener, rawJanusCall, startJanus } from '@sluice/transport/testing';
import type { BenchOptions, Report } from '../measuring/report.ts';
import { customSource, speak } from './latency.ts';

/** The same for both: a jitter buffer has found its size by the first, and goes on filling up. */
const span = { name: 'first 10 s', first: 100, end: 500 };

/** One way through a Janus server on this machine, from writing a 10 ms slice to the callback that brings it. */
export const bench = {
  name: 'janus',
  async run(report: Report, { quick }: BenchOptions): Promise<void> {
    const spans = [quick ? { ...span, end: 200 } : span];
    const janus = await startJanus();
    const rooms = await startRoomServer();
    const call = await rawJanusCall(janus.roomUrl('raw'));
    Daily.init();
    try {
      const listener = new ProbeListener();
      call.onAudio(({ samples, sampleRate, channelCount }, at) =>
        listener.push(samples, { sampleRate, channels: channelCount }, at),
      );
      await using ours = await customSource(janus.roomUrl('custom'), { autoSilence: false });
      await using embedded = await customSource(rooms.roomUrl('custom'), { autoSilence: false });
      const [custom, mesh, engine] = await speak([ours, embedded, { listener, write: call.write }], spans);
      const peer = { name: 'raw @roamhq/wrtc, same server', value: engine![0]!.value };
      report('custom source to renderer', custom![0]!, 'ms', peer, 'lower');
      report('the same in an embedded room', mesh![0]!, 'ms', peer, 'lower');
    } finally {
      call.close();
      await Daily.deinit();
      await janus.close();
      await rooms.close();
    }
  },
};
