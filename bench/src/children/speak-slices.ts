import { realClock } from '@sluice/core';
import type { RawPeer } from './raw-peer.ts';

/** Writes slices of 10 ms to all peers on one absolute schedule, over and over; late ones at once. Returns the end. */
export function speakSlices(peers: readonly Pick<RawPeer, 'write'>[], slices: readonly Int16Array[]): () => void {
  const start = realClock.now();
  let written = 0;
  const tick = () => {
    for (; start + written * 10 <= realClock.now(); written++)
      for (const peer of peers) peer.write(slices[written % slices.length]!);
    cancel = realClock.at(start + written * 10, tick);
  };
  let cancel = realClock.at(start, tick);
  return () => cancel();
}
