import { realClock } from '@sluice/core';
import type { Interrupted } from './call-interrupts.ts';
import { CutMeter } from './cut-meter.ts';
import { monotonicMs } from './monotonic-ms.ts';
import { RawPeer } from './raw-peer.ts';
import { serve } from './serve.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 10);
const silence = new Int16Array(480);
const peer = new RawPeer(48_000);
const meter = new CutMeter(48_000);
let queue: Int16Array[] = [];

serve({
  offer: () => peer.offer(),
  answer: (sdp: string) => peer.answer(sdp),
  accept: (sdp: string) => peer.accept(sdp),

  /** Sends what is queued, or silence, every 10 ms on an absolute schedule; late slices at once. */
  speak(): void {
    const start = realClock.now();
    let written = 0;
    const tick = () => {
      for (; start + written * 10 <= realClock.now(); written++) peer.write(queue.shift() ?? silence);
      realClock.at(start + written * 10, tick);
    };
    tick();
  },

  hear: () =>
    peer.listen(({ samples, sampleRate }) => {
      if (sampleRate === 48_000) meter.push(samples, monotonicMs());
    }),

  say(ms: number): void {
    queue = Array.from({ length: ms / 10 }, (_, index) => slices[index % slices.length]!);
  },

  interrupt(): Interrupted {
    const droppedMs = queue.length * 10;
    queue = [];
    return { at: monotonicMs(), droppedMs };
  },

  /** Waits for the next cut. Whether the tone sounds now. */
  listen(): boolean {
    meter.reset();
    return meter.isLoud;
  },

  heard: () => meter.heard,
});
