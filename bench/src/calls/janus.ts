// What a room of Janus adds to sound on its way, beside the engine alone through the same server.

import { Daily } from '@sluice/transport';
import { ProbeListener, type RunningJanus, rawJanusCall, startJanus } from '@sluice/transport/testing';
import type { BenchOptions, Report } from '../measuring/report.ts';
import type { Rounds } from '../measuring/rounds.ts';
import { customSourceLatency, speak } from './latency.ts';

/** One way through a Janus server on this machine, from writing a 10 ms slice to the callback that brings it. */
export const bench = {
  name: 'janus',
  async run(report: Report, { quick }: BenchOptions): Promise<void> {
    const frames = quick ? 200 : 400;
    const janus = await startJanus();
    try {
      const { value } = await rawLatency(janus, frames);
      Daily.init();
      const custom = await customSourceLatency(janus.roomUrl('custom'), frames);
      report('custom source to renderer', custom, 'ms', { name: 'raw @roamhq/wrtc, same server', value }, 'lower');
      await Daily.deinit();
    } finally {
      await janus.close();
    }
  },
};

async function rawLatency(janus: RunningJanus, frames: number): Promise<Rounds> {
  const call = await rawJanusCall(janus.roomUrl('raw'));
  try {
    const listener = new ProbeListener();
    call.onAudio(({ samples, sampleRate, channelCount }, at) =>
      listener.push(samples, { sampleRate, channels: channelCount }, at),
    );
    return await speak(listener, frames, call.write);
  } finally {
    call.close();
  }
}
