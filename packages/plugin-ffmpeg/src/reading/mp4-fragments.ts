import type { FileHandle } from 'node:fs/promises';
import { contentAt, first, inside, placesOf } from './mp4-boxes.ts';

/** A day in fragments of two seconds and their media. */
const MOST_BOXES = 100_000;

/** Bits of the flags of `tfhd` and `trun`: what is there. */
const TFHD = { offset: 0x1, description: 0x2, duration: 0x8 } as const;
const TRUN = { offset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 } as const;

/** When the fragments of a track begin and end, in its units; undefined where they do not say. */
export async function fragmentsOf(
  file: FileHandle,
  track: Buffer,
  extended: Buffer,
): Promise<{ readonly begin: number; readonly end: number } | undefined> {
  const places = await placesOf(file, 'moof', MOST_BOXES);
  const header = first(track, 'tkhd');
  if (places === undefined || header === undefined) return undefined;
  const id = header.readUInt32BE(header[0] === 1 ? 20 : 12);
  const usual = inside(extended, 'trex').find((one) => one.readUInt32BE(4) === id);
  const of = async (order: Iterable<number>) => {
    for (const place of order) {
      const fragment = await contentAt(file, place);
      const part = fragment && inside(fragment, 'traf').filter((one) => first(one, 'tfhd')?.readUInt32BE(4) === id);
      if (part !== undefined && part.length > 0) return part;
    }
    return undefined;
  };
  const begin = decodeTimeOf((await of(places))?.[0]);
  const last = (await of(places.toReversed()))?.at(-1);
  const lastTime = decodeTimeOf(last);
  if (begin === undefined || last === undefined || lastTime === undefined) return undefined;
  return { begin, end: lastTime + lengthOf(last, usual?.readUInt32BE(12) ?? 0) };
}

function decodeTimeOf(part: Buffer | undefined): number | undefined {
  const time = part && first(part, 'tfdt');
  return time && (time[0] === 1 ? Number(time.readBigUInt64BE(4)) : time.readUInt32BE(4));
}

/** How long the packets of a track in a fragment last. */
function lengthOf(part: Buffer, usual: number): number {
  const header = first(part, 'tfhd')!;
  const has = flagsOf(header);
  const at = 8 + (has & TFHD.offset ? 8 : 0) + (has & TFHD.description ? 4 : 0);
  const each = has & TFHD.duration ? header.readUInt32BE(at) : usual;
  return inside(part, 'trun').reduce((sum, run) => sum + lengthOfRun(run, each), 0);
}

function lengthOfRun(run: Buffer, each: number): number {
  const has = flagsOf(run);
  const count = run.readUInt32BE(4);
  if (!(has & TRUN.duration)) return count * each;
  const step = 4 + (has & TRUN.size ? 4 : 0) + (has & TRUN.flags ? 4 : 0) + (has & TRUN.composition ? 4 : 0);
  let at = 8 + (has & TRUN.offset ? 4 : 0) + (has & TRUN.firstFlags ? 4 : 0);
  let sum = 0;
  for (let left = count; left > 0; left--, at += step) sum += run.readUInt32BE(at);
  return sum;
}

/** Behind the version, in three bytes. */
function flagsOf(box: Buffer): number {
  return box.readUInt32BE(0) & 0xff_ffff;
}
