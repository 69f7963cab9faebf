import { blockLoop } from './block-loop.ts';
import { monotonicMs } from './monotonic-ms.ts';
import { RawPeer } from './raw-peer.ts';
import { Recording } from './recording.ts';
import { serve } from './serve.ts';
import { speakSlices } from './speak-slices.ts';
import { toneSlices } from './tone-slices.ts';

const peer = new RawPeer(48_000);
const recording = new Recording();
let stopBlocking = () => {};
let stopSpeaking = () => {};

serve({
  offer: () => peer.offer(),
  answer: (sdp: string) => peer.answer(sdp),
  accept: (sdp: string) => peer.accept(sdp),

  /** Speaks a tone, 10 ms at a time on an absolute schedule; the engine takes nothing ahead. */
  speak(): void {
    stopSpeaking = speakSlices([peer], toneSlices(440, 10));
  },

  /** Stops speaking. Returns when the last slice was given to the engine. */
  end(): number {
    stopSpeaking();
    return monotonicMs();
  },

  hear: () =>
    peer.listen(({ samples, sampleRate }) => {
      if (sampleRate === 48_000) recording.add(samples);
    }),

  block(ms: number): void {
    stopBlocking = blockLoop(ms);
  },

  unblock: () => stopBlocking(),
  record: () => recording.start(),
  take: () => recording.take(),
  soundAt: () => recording.soundAt,
});
