import { blockLoop } from './block-loop.ts';
import type { BotGlitches } from './call-glitches.ts';
import { GapMeter } from './gap-meter.ts';
import { RawPeer } from './raw-peer.ts';
import { serve } from './serve.ts';
import { speakSlices } from './speak-slices.ts';
import { toneSlices } from './tone-slices.ts';

/** How the engine is fed: as its examples do, or on an absolute schedule, late slices at once. */
export type RawFeed = 'setInterval' | 'absolute schedule';

interface Bot {
  readonly peer: RawPeer;
  readonly meter: GapMeter;
  before: number;
}

const slices = toneSlices(440, 10);
let bots: Bot[] = [];
let stopBlocking = () => {};

serve({
  async offer(count: number): Promise<string[]> {
    bots = Array.from({ length: count }, newBot);
    return Promise.all(bots.map(({ peer }) => peer.offer()));
  },

  async answer(offers: readonly string[]): Promise<string[]> {
    bots = offers.map(newBot);
    return Promise.all(bots.map(({ peer }, index) => peer.answer(offers[index]!)));
  },

  async accept(answers: readonly string[]): Promise<void> {
    await Promise.all(bots.map(({ peer }, index) => peer.accept(answers[index]!)));
  },

  /** Every bot speaks a tone, and listens. */
  talk(feed: RawFeed): void {
    for (const { peer, meter } of bots)
      peer.listen(({ samples, sampleRate }) => {
        if (sampleRate === 48_000) meter.push(samples);
      });
    const peers = bots.map(({ peer }) => peer);
    if (feed === 'absolute schedule') speakSlices(peers, slices);
    else speakByInterval(peers);
  },

  /** From now on it counts. */
  async start(): Promise<void> {
    for (const bot of bots) {
      bot.meter.reset();
      bot.before = await bot.peer.concealedMs();
    }
  },

  block(ms: number, everyMs: number): void {
    stopBlocking = blockLoop(ms, everyMs);
  },

  unblock: () => stopBlocking(),

  async read(): Promise<BotGlitches> {
    const total = { gaps: 0, gapMs: 0, heardMs: 0, concealedMs: 0 };
    for (const { peer, meter, before } of bots) {
      const { gaps, gapMs, heardMs } = meter.heard;
      total.gaps += gaps;
      total.gapMs += gapMs;
      total.heardMs += heardMs;
      total.concealedMs += (await peer.concealedMs()) - before;
    }
    return total;
  },
});

function newBot(): Bot {
  return { peer: new RawPeer(48_000), meter: new GapMeter(48_000), before: 0 };
}

function speakByInterval(peers: readonly RawPeer[]): void {
  let written = 0;
  setInterval(() => {
    for (const peer of peers) peer.write(slices[written % slices.length]!);
    written++;
  }, 10);
}
