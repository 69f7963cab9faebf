import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromWavFile } from '@sluice/nodes';
import type { RecordingManifest } from '@sluice/recorder';
import { ProbeListener } from '@sluice/transport/testing';

const FRAME_MS = 20;
/** How long before a fault its recorder may already feel it, and how long its jitter buffer finds its size after it. Milliseconds. */
const BEFORE_MS = 3_000;
const AFTER_MS = 30_000;
/** A stretch of fewer frames says nothing of where its middle is. */
const LEAST_FRAMES = 100;

export interface RecordedProbe {
  readonly userName: string;
  /** Frames that stand where no fault of the plan was for half a minute. */
  readonly frames: number;
  /**
   * Its packets pass through the relay of this process on their way to the recorder: what comes late there makes the recorder's
   * jitter buffer grow, and shrink again by 9 ms each few seconds.
   */
  readonly relayed: boolean;
  /** How far 99 of 100 of them stand at most from where the others of their stretch do, in milliseconds. */
  readonly strayMs: number;
  /** How far the middle of a stretch stands at most from that of all, in milliseconds. */
  readonly shiftMs: number;
}

/** What the plan of a soak says of who is recorded. */
export interface RecordedPlan {
  readonly seedOf: (userName: string) => number;
  readonly relayed: (userName: string) => boolean;
  /** From when to when, in ms since 1970. */
  readonly faults: readonly (readonly [fromMs: number, toMs: number])[];
}

/** Where each frame stands in the files of the only recording in a folder. */
export async function recordedProbes(
  folder: string,
  { seedOf, relayed, faults }: RecordedPlan,
): Promise<RecordedProbe[]> {
  const [room] = await readdir(folder);
  const [recording] = await readdir(join(folder, room!));
  const path = join(folder, room!, recording!);
  const manifest = JSON.parse(await readFile(join(path, 'recording.json'), 'utf8')) as RecordingManifest;
  const startedAt = Date.parse(manifest.startedAt);
  const probes: RecordedProbe[] = [];
  for (const { userName, tracks } of manifest.participants)
    for (const { file } of tracks) {
      const listener = new ProbeListener({ seed: seedOf(userName) });
      await fromWavFile(join(path, file)).forEach((frame) => {
        listener.push(frame.samples, frame);
        frame.close();
      });
      const stretches = new Map<number, number[]>();
      for (const { index, position } of listener.arrivals) {
        const at = startedAt + position;
        if (position < AFTER_MS) continue;
        if (faults.some(([from, to]) => at > from - BEFORE_MS && at < to + AFTER_MS)) continue;
        const stretch = faults.filter(([from]) => from < at).length;
        const offsets = stretches.get(stretch);
        if (offsets === undefined) stretches.set(stretch, [position - index * FRAME_MS]);
        else offsets.push(position - index * FRAME_MS);
      }
      const strays = [...stretches.values()].flatMap((offsets) => {
        const middle = median(offsets);
        return offsets.map((offset) => Math.abs(offset - middle));
      });
      strays.sort((a, b) => a - b);
      const middles = [...stretches.values()].filter(({ length }) => length >= LEAST_FRAMES).map(median);
      const middle = median(middles);
      probes.push({
        userName,
        frames: strays.length,
        relayed: relayed(userName),
        strayMs: strays[Math.floor(strays.length * 0.99)] ?? 0,
        shiftMs: Math.max(0, ...middles.map((one) => Math.abs(one - middle))),
      });
    }
  return probes;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
