import { setTimeout as wait } from 'node:timers/promises';
import { CallClient, CustomAudioSource, CustomAudioTrack } from '@sluice/transport';
import { impair, writePaced } from '@sluice/transport/testing';
import { concat } from '../measuring/concat.ts';
import { RATE } from './rate.ts';
import { roomNoise } from './room-noise.ts';

/** Behind each sentence: longer than a call is late, so that all of it comes before the next one begins. */
const PAUSE_MS = 1_000;
/** Before the first: what is late because the call was joined has settled. */
const SETTLE_MS = 2_000;

export interface CallConditions {
  readonly url: string;
  /** Of packets in both directions, 0 to 1, from after the join on. */
  readonly loss: number;
}

export interface HeardThroughCall {
  /** What came of each piece, at 16 kHz: from when it began until the next one did. */
  readonly pieces: Int16Array[];
  readonly lost: number;
  readonly packets: number;
}

/** Speaks pieces in real time into a call of two clients, one of them behind a lossy path. */
export async function throughCall(
  spoken: readonly Int16Array[],
  { url, loss }: CallConditions,
): Promise<HeardThroughCall> {
  await using hearer = new CallClient();
  await using speaker = new CallClient();
  using path = await impair(speaker, { seed: 1 });
  const source = new CustomAudioSource(RATE, 1);
  await speaker.join(url);
  await speaker.addCustomAudioTrack('voice', new CustomAudioTrack(source));
  let heard: Int16Array[] = [];
  hearer.setAudioRenderer(
    speaker.participants().local.id,
    (_, frame) => {
      heard.push(frame.samples.slice());
      frame.close();
    },
    { audioSource: 'voice', sampleRate: RATE, callbackIntervalMs: 10 },
  );
  await hearer.join(url);
  await wait(SETTLE_MS);
  path.set({ loss });
  const [before, pieces] = [path.counts, [] as Int16Array[]];
  for (const samples of spoken) {
    heard = [];
    const padded = concat([samples, roomNoise(PAUSE_MS)]);
    await writePaced((slice) => void source.write(slice), padded, RATE);
    pieces.push(concat(heard));
  }
  const { counts } = path;
  // The path has to stand until then.
  await speaker.leave();
  source.close();
  if (pieces.some(({ length }) => length < RATE)) throw new Error('the call did not carry every sentence');
  const lost = (counts.reasons.loss ?? 0) - (before.reasons.loss ?? 0);
  return { pieces, lost, packets: lost + counts.delivered - before.delivered };
}
