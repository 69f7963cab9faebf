import { RawAgent } from './raw-agent.ts';
import { RawPeer } from './raw-peer.ts';
import { serve } from './serve.ts';
import { speakSlices } from './speak-slices.ts';
import { TickWatch } from './tick-watch.ts';

const ticks = new TickWatch();
let agents: RawAgent[] = [];

serve({
  async answer(offers: readonly string[]): Promise<string[]> {
    agents = offers.map(() => new RawAgent(new RawPeer(48_000)));
    return Promise.all(agents.map(({ peer }, index) => peer.answer(offers[index]!)));
  },

  /** All on one absolute schedule. */
  talk(): void {
    for (const agent of agents) agent.listen();
    const speakers = agents.map((agent) => ({ write: () => agent.speak() }));
    speakSlices(speakers, [new Int16Array(0)]);
  },

  start: () => ticks.start(),
  seen: () => ticks.seen,
});
