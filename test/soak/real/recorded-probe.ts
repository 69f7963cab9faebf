import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromWavFile } from '@sluice/nodes';
import type { RecordingManifest } from '@sluice/recorder';
import { ProbeListener } from '@sluice/transport/testing';

const FRAME_MS = 20;
/** How long before a fault its recorder may already feel it, and how long its jitter buffer finds its size after it. Milliseconds. */
const BEFORE_MS = 3_000;
const AFTER_MS = 30_000;

export interface RecordedProbe {
  readonly userName: string;
  /** Frames that stand where no fault of the plan was for half a minute. */
  readonly frames: number;
  /** How far 99 of 100 of them stand at most from where the others of their stretch do, in milliseconds. */
  readonly strayMs: number;
}

/** Where each frame stands in the files of the only recording in a folder. `faults`: from when to when, in ms since 1970. */
export async function recordedProbes(
  folder: string,
  seedOf: (userName: string) => number,
  faults: readonly (readonly [fromMs: number, toMs: number])[],
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
        const median = [...offsets].sort((a, b) => a - b)[offsets.length >> 1]!;
        return offsets.map((offset) => Math.abs(offset - median));
      });
      strays.sort((a, b) => a - b);
      probes.push({ userName, frames: strays.length, strayMs: strays[Math.floor(strays.length * 0.99)] ?? 0 });
    }
  return probes;
}
