import { describe, expect, it } from 'vitest';
import { graph } from '../graph/graph.ts';
import { AudioFrame } from '../media/audio-frame.ts';
import { micros } from '../time/units.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { faults } from './faults.ts';
import { probeSink } from './probe-sink.ts';
import { probeSource } from './probe-source.ts';
import { trackFrames } from './track-frames.ts';

const frame = (index: number) =>
  new AudioFrame({
    samples: new Int16Array(480).fill(index),
    sampleRate: 48_000,
    channels: 1,
    timestamp: micros(index * 10_000),
  });

const format = { kind: 'audio', sampleRate: 48_000, channels: 1 } as const;

/** Ten frames, one each 10 ms, through a fault of a real graph. */
async function runGraph(fault: ReturnType<typeof faults.drop<AudioFrame>>, onError: 'resume' | 'restart' = 'resume') {
  const clock = new VirtualClock();
  const probe = probeSource<AudioFrame>({ format });
  const out = probeSink<AudioFrame>();
  using frames = trackFrames({ stacks: true });
  const bot = graph('kit', { clock });
  bot.from(probe.source).with({ onError }).pipe(fault).to(out.sink);
  const done = bot.run();
  await clock.settle();
  for (let index = 0; index < 10; index++) {
    probe.push(frame(index));
    await clock.advance(10);
  }
  probe.complete();
  await clock.run({ until: done, limitMs: 20_000 });
  await done;
  const heard = out.arrivals.map((arrival) => ({ index: arrival.frame.samples[0]!, at: arrival.at }));
  out.closeFrames();
  frames.assertNone();
  return heard;
}

describe('the kit in a graph', () => {
  it('drops', async () => {
    const heard = await runGraph(faults.drop({ every: 5 }));
    expect(heard.map(({ index }) => index)).toEqual([0, 1, 2, 3, 5, 6, 7, 8]);
  });

  it('throws, and the graph goes on', async () => {
    const heard = await runGraph(faults.throwAt(3));
    expect(heard.map(({ index }) => index)).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9]);
  });

  it('stalls, and the link keeps what comes meanwhile', async () => {
    const heard = await runGraph(faults.stall({ ms: 35, at: 2 }));
    expect(heard.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(heard[2]!.at - heard[1]!.at).toBe(45);
  });

  it('jitters in order', async () => {
    const heard = await runGraph(faults.delayJitter({ minMs: 5, maxMs: 30, seed: 3 }));
    expect(heard.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { index, at } of heard) expect(at - index * 10).toBeGreaterThanOrEqual(5);
  });
});
