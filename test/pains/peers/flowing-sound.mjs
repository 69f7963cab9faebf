// Twenty minutes of sound through converters of a graph, in virtual time. Prints the megabytes that the process has beside
// its heap, and in buffers, after four minutes and at the end.
import { AudioFrame, graph, micros, pushSource } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { resample } from '@sluice/nodes';

const collect = globalThis.gc;
const clock = new VirtualClock();
const sound = pushSource(
  { name: 'sound', live: true, format: { kind: 'audio', sampleRate: 48_000, channels: 1 } },
  (destination) => {
    let [index, cancel] = [0, () => {}];
    const tick = () => {
      cancel = clock.at(clock.now() + 20, tick);
      const samples = Int16Array.from({ length: 960 }, (_, at) => 8_000 * Math.sin(at / 4));
      destination.next(
        new AudioFrame({ samples, sampleRate: 48_000, channels: 1, timestamp: micros(index++ * 20_000) }),
      );
    };
    cancel = clock.at(clock.now() + 20, tick);
    return () => cancel();
  },
);
let heard = 0;
const bot = graph('flow', { clock });
bot
  .from(sound)
  .pipe(resample({ sampleRate: 16_000 }))
  .pipe(resample({ sampleRate: 48_000 }))
  .to({
    next: (frame) => {
      heard += frame.duration;
    },
  });
await bot.start();
for (const minutes of [4, 16]) {
  await clock.advance(minutes * 60_000);
  for (let times = 0; times < 3; times++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapTotal, external } = process.memoryUsage();
  // The heap takes pages and gives them back as it likes.
  const native = (rss - heapTotal) / 2 ** 20;
  console.log(JSON.stringify({ heardMs: Math.round(heard / 1_000), native, external: external / 2 ** 20 }));
}
bot.abort();
