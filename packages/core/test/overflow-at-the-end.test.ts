import type { Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { AudioFrame, createSink, graph, type LinkOptions, micros, pushSource, type SluiceError } from '../src/index.ts';
import { VirtualClock } from '../src/testing/index.ts';

const policies = ['block', 'drop-oldest', 'drop-newest', 'latest', 'error'] as const;

/** A source at 48 kHz, live where it cannot be held back, into a sink at `sampleRate` that takes nothing but its first frame until `open()`. */
async function held(link: LinkOptions, sampleRate: number) {
  const clock = new VirtualClock();
  let destination: Subscriber<AudioFrame> | undefined;
  const format = { kind: 'audio', sampleRate: 48_000, channels: 1 } as const;
  const source = pushSource<AudioFrame>({ name: 'source', live: link.policy !== 'block', format }, (subscriber) => {
    destination = subscriber;
    return () => {};
  });
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const heard: AudioFrame[] = [];
  let ended = 0;
  const sink = createSink<AudioFrame, void>({
    name: 'sink',
    accepts: { kind: 'audio', sampleRate, channels: 1 },
    open: () => ({
      write: (frame) => {
        heard.push(frame);
        return gate;
      },
      end: () => {
        ended = heard.length;
      },
    }),
  });
  const bot = graph('held', { clock });
  bot.from(source).with({ link }).to(sink);
  const run = bot.run();
  const failed = run.then(
    () => undefined,
    (error: SluiceError) => error,
  );
  await clock.advance(0);
  for (let index = 0; index < 12 && !destination!.closed; index++) {
    const samples = new Int16Array(960).fill(index + 1);
    destination!.next(new AudioFrame({ samples, sampleRate: 48_000, channels: 1, timestamp: micros(index * 20_000) }));
  }
  destination!.complete();
  await clock.advance(0);
  const beforeOpen = ended;
  open();
  await clock.advance(1_000);
  return { failed: await failed, heard, ended, beforeOpen, link: bot.inspect().links[0]! };
}

describe.each([
  ['that converts', 16_000],
  ['as it comes', 48_000],
] as const)('a stream ends while its link is full, %s', (_, sampleRate) => {
  it.each(policies)(
    '%s: what was accepted is delivered, what was not is counted, the end comes last',
    async (policy) => {
      // With these there is room for all that the source sends, to the last frame.
      const frames = policy === 'error' || policy === 'block' ? 11 : 4;
      const { heard, ended, beforeOpen, failed, link } = await held({ policy, capacity: { frames } }, sampleRate);
      expect(failed).toBeUndefined();
      expect(beforeOpen).toBe(0);
      expect(ended).toBe(heard.length);
      const media = heard.reduce((sum, { duration }) => sum + duration, 0);
      expect(media / 1_000 + link.droppedMs).toBeCloseTo(240, 3);
      // A gap stands before what follows: behind the last frame it is only counted.
      const told = policy !== 'drop-newest' || sampleRate !== 48_000;
      const missing = heard.reduce((sum, { gap }) => sum + (gap?.duration ?? 0), 0);
      expect(missing / 1_000).toBeCloseTo(told ? link.droppedMs : 0, 3);
      const last = heard.at(-1)!;
      expect((last.timestamp + last.duration) / 1_000).toBeCloseTo(told ? 240 : 100, 2);
      // The end of the conversion takes no room that anything else has.
      const kept = { block: 12, error: 12, 'drop-oldest': 5, 'drop-newest': 5, latest: 2 }[policy];
      expect(heard).toHaveLength(kept + (sampleRate === 48_000 ? 0 : 1));
      expect(link.droppedFrames).toBe(12 - kept);
    },
  );
});
