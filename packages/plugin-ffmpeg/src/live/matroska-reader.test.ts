import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, matroskaFrame, matroskaHead } from '../writing/matroska.ts';
import { MatroskaReader, type ReadTrack } from './matroska-reader.ts';

const tracks = [
  { kind: 'audio', sampleRate: 48_000, channels: 2 },
  { kind: 'video', width: 4, height: 2, colorSpace: 'bt601' },
] as const;
const { colorSpace: _, ...pictures } = tracks[1];
const frame = (track: number, timeMs: number, ...bytes: number[]) =>
  concatBytes([matroskaFrame(track, timeMs * 1_000, 20_000, bytes.length), Uint8Array.from(bytes)]);
const stream = concatBytes([
  matroskaHead(tracks),
  frame(1, 0, 1, 2, 3, 4),
  frame(2, 33, 9, 9),
  // Void, which is skipped, and a block of a track that nobody told of.
  Uint8Array.of(0xec, 0x83, 1, 2, 3),
  frame(7, 40, 5),
  frame(1, 70_000, ...Array.from({ length: 300 }, (_, at) => at % 256)),
]);

function read(pieces: readonly Uint8Array[]) {
  const heard: { track: ReadTrack; timeMs: number; bytes: number[] }[] = [];
  let told: readonly ReadTrack[] | undefined;
  const reader = new MatroskaReader({
    tracks: (found) => (told = found),
    block: (track, timeMs, bytes) => heard.push({ track, timeMs, bytes: [...bytes] }),
  });
  for (const piece of pieces) reader.push(piece);
  return { told, heard };
}

describe('MatroskaReader', () => {
  const expected = {
    told: [tracks[0], pictures],
    heard: [
      { track: tracks[0], timeMs: 0, bytes: [1, 2, 3, 4] },
      { track: pictures, timeMs: 33, bytes: [9, 9] },
      { track: tracks[0], timeMs: 70_000, bytes: Array.from({ length: 300 }, (_, at) => at % 256) },
    ],
  };

  it('reads in pieces of any size what is written', () => {
    expect(read([stream])).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 20 }), (cuts) => {
        const sorted = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const pieces = sorted.slice(1).map((end, at) => stream.subarray(sorted[at], end));
        expect(read(pieces)).toEqual(expected);
      }),
    );
  });

  it('refuses what is none, and never reads on for ever', () => {
    expect(() => read([new Uint8Array(8)])).toThrow(/no length/);
    expect(() => read([Uint8Array.of(0xa3, 0x08, 0xff, 0xff, 0xff, 0xff)])).toThrow(/4294967295 bytes/);
    // A block of two bytes, and a track of sound whose rate has none.
    expect(() => read([Uint8Array.of(0xa3, 0x82, 0x81, 0)])).toThrow('not Matroska: a block is too short');
    const rate = [0xe1, 0x82, 0xb5, 0x80];
    const track = Uint8Array.of(0x16, 0x54, 0xae, 0x6b, 0x89, 0xae, 0x87, 0xd7, 0x81, 1, ...rate);
    expect(() => read([track])).toThrow('not Matroska: a number has no valid length');
    // A time of nine bytes: of 130 it would be infinity.
    expect(() => read([Uint8Array.of(0xe7, 0x89, 1, 2, 3, 4, 5, 6, 7, 8, 9)])).toThrow('no valid length');
    // An element of two bytes whose second says that its size has two.
    const cut = Uint8Array.of(0x16, 0x54, 0xae, 0x6b, 0x82, 0xae, 0x40);
    expect(() => read([cut])).toThrow('not Matroska: an element ends behind the one that it is in');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.nat(stream.length), (noise, at) => {
        const broken = stream.slice();
        broken.set(noise.subarray(0, broken.length - at), at);
        try {
          read([broken]);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
