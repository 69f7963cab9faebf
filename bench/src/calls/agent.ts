import { realClock, sleep } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import { Daily, startRoomServer } from '@sluice/transport';
import { percentile } from '../measuring/percentile.ts';
import type { Bench } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';
import { agentDensity } from './agent-density.ts';
import { agentTalk, BURST_MS, HANG_MS, rawTalk, type Talk } from './agent-talk.ts';

const raw = 'raw @roamhq/wrtc, there and back';

interface Exchange {
  /** From the first sample of the person's voice to the last of the other's, both at the person, in milliseconds. */
  readonly silence: readonly number[];
  /** From the last sample of the person's voice to the first of the answer, both at the person, in milliseconds. */
  readonly answer: readonly number[];
  /** Sound between the silence and the end of the person's voice: of what had been interrupted. */
  readonly stale: number;
}

/**
 * An agent's part of a conversation: how soon it is silent when somebody speaks, and how much it adds until it answers.
 * Its models are fakes without latency; the peer is two raw connections whose far end stops and begins with the first
 * block of 10 ms that it hears.
 */
export const agent: Bench = {
  name: 'agent',
  async run(report, options) {
    const { quick } = options;
    const count = quick ? 20 : 200;
    const reference = await measured(rawTalk(), count);
    const server = await startRoomServer();
    Daily.init();
    try {
      for (const [title, cushionMs] of [
        ['cushion 0', 0],
        ['default cushion', undefined],
      ] as const) {
        const ours = await measured(agentTalk(server, cushionMs), count);
        for (const q of [0.5, 0.95]) {
          const peer = { name: raw, value: percentile(reference.silence, q) };
          report(`voice to silence, p${q * 100}, ${title}`, percentileInTenths(ours.silence, q), 'ms', peer, 'lower');
        }
        report(`stale sound in ${count} interruptions, ${title}`, ours.stale, 'ms');
        for (const q of [0.5, 0.95]) {
          const peer = { name: raw, value: percentile(reference.answer, q) };
          const answers = ours.answer.map((ms) => ms - HANG_MS);
          report(
            `voice to voice less hang-over, p${q * 100}, ${title}`,
            percentileInTenths(answers, q),
            'ms',
            peer,
            'lower',
          );
        }
      }
    } finally {
      await Daily.deinit();
      await server.close();
    }
    await agentDensity(report, options);
  },
};

async function measured(opening: Promise<Talk>, count: number): Promise<Exchange> {
  await using talk = await opening;
  const { watch } = talk;
  const random = seededRandom(1);
  // The jitter buffers find their size, and whoever waits for a first turn gets one.
  await talk.speak();
  await until(() => watch.isLoud);
  await sleep(realClock, 2_000);
  const silence: number[] = [];
  const answer: number[] = [];
  let stale = 0;
  for (let round = 0; round < count; round++) {
    await sleep(realClock, 300 + 600 * random());
    const onset = await talk.speak();
    await until(() => watch.silentAt > onset);
    const silentAt = watch.silentAt;
    silence.push(silentAt - onset);
    const end = onset + BURST_MS;
    await until(() => watch.loudAt > silentAt);
    if (watch.loudAt < end) stale += end - watch.loudAt;
    answer.push(watch.loudAt - end);
  }
  return { silence, answer, stale };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = realClock.now() + 10_000;
  while (!condition()) {
    if (realClock.now() > deadline) throw new Error('nothing was heard for 10 s');
    await sleep(realClock, 5);
  }
}
