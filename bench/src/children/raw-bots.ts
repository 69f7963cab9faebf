import { collectGarbage } from './collect-garbage.ts';
import { RawPeer } from './raw-peer.ts';
import { serve } from './serve.ts';
import { speakSlices } from './speak-slices.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 10);
let bots: RawPeer[] = [];
let heard = 0;

serve({
  /** Loaded, and without garbage. */
  settle: collectGarbage,

  async offer(count: number): Promise<string[]> {
    bots = Array.from({ length: count }, () => new RawPeer(48_000));
    return Promise.all(bots.map((bot) => bot.offer()));
  },

  async answer(offers: readonly string[]): Promise<string[]> {
    bots = offers.map(() => new RawPeer(48_000));
    return Promise.all(bots.map((bot, index) => bot.answer(offers[index]!)));
  },

  async accept(answers: readonly string[]): Promise<void> {
    await Promise.all(bots.map((bot, index) => bot.accept(answers[index]!)));
  },

  /** Every bot speaks, on one absolute schedule, and listens. */
  talk(): void {
    for (const bot of bots)
      bot.listen(({ samples }) => {
        heard += samples.length / 480;
      });
    speakSlices(bots, slices);
  },

  /** Milliseconds of audio that each bot has heard on average. */
  heardMs: (): number => (heard * 10) / bots.length,
});
