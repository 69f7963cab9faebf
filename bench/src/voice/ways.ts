import { Daily, startRoomServer } from '@sluice/transport';
import { concat } from '../measuring/concat.ts';
import { audibleBlocks } from './audible.ts';
import { BLOCK } from './rate.ts';
import { roomNoise } from './room-noise.ts';
import { throughTelephone } from './telephone.ts';
import { throughCall } from './through-call.ts';
import { type Voice, voices } from './voices.ts';

/** Sentences of each voice. */
export type Spoken = Readonly<Record<Voice, readonly Int16Array[]>>;

/** What a detector leaves before and after a sentence. */
const EDGE_MS = 300;
/** Shares of packets that are lost. */
const losses = [0, 0.1, 0.3];

/** The same sentences as they come out of each way: straight, telephone, calls. All calls are at the same time. */
export async function throughAllWays(
  spoken: Spoken,
  note: (text: string) => void,
): Promise<ReadonlyMap<string, Spoken>> {
  const ways = new Map<string, Spoken>([
    ['straight', each(spoken, padded)],
    ['G.711', each(spoken, (samples) => throughTelephone(padded(samples)))],
  ]);
  const server = await startRoomServer();
  Daily.init();
  try {
    const calls = losses.map(async (loss) => {
      const name = loss === 0 ? 'call' : `call, ${100 * loss} % lost`;
      const heard = await Promise.all(
        voices.map((voice) =>
          throughCall(spoken[voice], { url: server.roomUrl(`voice-${voice}-${100 * loss}`), loss }),
        ),
      );
      if (loss > 0) {
        const [lost, packets] = [sum(heard.map((one) => one.lost)), sum(heard.map((one) => one.packets))];
        note(`${name}: ${lost} of ${packets} packets`);
      }
      return [name, { slt: heard[0]!.pieces, f2: heard[1]!.pieces }] as const;
    });
    for (const [name, heard] of await Promise.all(calls)) ways.set(name, each(heard, trimmed));
  } finally {
    await Daily.deinit();
    await server.close();
  }
  return ways;
}

/** With 300 ms of next to silence before and after it, as pre-roll and hang-over of a detector leave. */
export function padded(samples: Int16Array): Int16Array {
  const silence = roomNoise(EDGE_MS);
  return concat([silence, samples, silence]);
}

/** What came of a call, cut as `padded` is. */
function trimmed(samples: Int16Array): Int16Array {
  const audible = audibleBlocks(samples);
  const edge = EDGE_MS / 10;
  const [first, last] = [audible.indexOf(true) - edge, audible.lastIndexOf(true) + 1 + edge];
  return samples.slice(Math.max(0, first) * BLOCK, last * BLOCK);
}

function each(spoken: Spoken, change: (samples: Int16Array) => Int16Array): Spoken {
  return { slt: spoken.slt.map(change), f2: spoken.f2.map(change) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
