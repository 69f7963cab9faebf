import { strict as assert } from 'node:assert';
import { MatroskaReader } from '../../../packages/plugin-ffmpeg/src/live/matroska-reader.ts';
import { concatBytes, matroskaFrame, matroskaHead } from '../../../packages/plugin-ffmpeg/src/writing/matroska.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const tracks = [
  { kind: 'audio', sampleRate: 48_000, channels: 2 },
  { kind: 'video', width: 4, height: 2, colorSpace: 'bt601' },
] as const;
const frame = (track: number, timeMs: number, ...bytes: number[]) =>
  concatBytes([matroskaFrame(track, timeMs * 1_000, 20_000, bytes.length), Uint8Array.from(bytes)]);
const stream = concatBytes([matroskaHead(tracks), frame(1, 0, 1, 2, 3, 4), frame(2, 33, 9, 9), frame(1, 70_000, 5)]);

export const matroskaTarget: FuzzTarget = {
  name: 'matroska',
  reads: 'live streams as ffmpeg passes them on',
  seeds: () => [stream, matroskaHead(tracks), stream.subarray(0, -3)],
  // What holds no Matroska ends the source with an error of ours, made of this one.
  documents: (error) => error instanceof RangeError && /Matroska/.test(error.message),
  run: (input) => {
    const pieces = Math.max(1, input.length >> 3);
    assert.deepEqual(read(input, pieces), read(input, input.length));
  },
};

/** As much as an input may take, and a little less. */
const MOST_BYTES = 1 << 20;

/** What is heard of it, cut into pieces, and how it ended. */
function read(input: Uint8Array, piece: number): readonly unknown[] {
  const heard: unknown[] = [];
  const reader = new MatroskaReader(
    {
      tracks: (found) => heard.push(found),
      block: (track, timeMs, bytes) => {
        assert.ok(Number.isFinite(timeMs));
        heard.push([track.kind, timeMs, Buffer.from(bytes).toString('base64')]);
      },
    },
    MOST_BYTES,
  );
  try {
    for (let at = 0; at < input.length; at += piece) reader.push(input.slice(at, at + piece));
  } catch (error) {
    if (!matroskaTarget.documents!(error as Error)) throw error;
    heard.push((error as Error).message);
  }
  return heard;
}
