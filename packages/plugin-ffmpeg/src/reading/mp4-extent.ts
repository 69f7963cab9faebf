import { type FileHandle, open } from 'node:fs/promises';
import { boxAt, boxOf, first, inside } from './mp4-boxes.ts';
import { fragmentsOf } from './mp4-fragments.ts';

/** Where the sound of an MP4 file begins and ends among what its packets decode to. In seconds. */
export interface Mp4Extent {
  /** What lies before time 0 and ffmpeg plays, since the file is in fragments. */
  readonly early: number;
  /** From the first sample that ffmpeg gives to the last, of a file without fragments. Undefined where it does not tell. */
  readonly length?: number | undefined;
  /** When the last sample ends, of a file in fragments. Undefined where it does not tell. */
  readonly end?: number | undefined;
}

/** What counts in milliseconds tells no sample. */
const LEAST_RATE = 8_000;
/**
 * Reads what ffmpeg passes over in an MP4 or MOV file: its last packet may be shorter than it decodes to (`stts`, `trun`), and of files
 * in fragments the edit list, which says what the encoder put before the sound. Undefined for any other file, and for edits that cut more.
 */
export async function mp4Extent(path: string): Promise<Mp4Extent | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    // A pipe or a device has no place to look at.
    return (await file.stat()).isFile() ? await extentOf(file) : undefined;
  } catch {
    // ffmpeg says better what is wrong with it.
    return undefined;
  } finally {
    await file?.close();
  }
}

async function extentOf(file: FileHandle): Promise<Mp4Extent | undefined> {
  if ((await boxAt(file, 0))?.type !== 'ftyp') return undefined;
  const moov = await boxOf(file, 'moov');
  const track = moov && inside(moov, 'trak').find((trak) => handlerOf(trak) === 'soun');
  if (track === undefined) return undefined;
  const [header, movie] = [first(track, 'mdia', 'mdhd'), first(moov!, 'mvhd')];
  if (header === undefined || movie === undefined) return undefined;
  const [rate, movieRate] = [scaleOf(header), scaleOf(movie)];
  const edit = editOf(first(track, 'edts', 'elst'));
  if (edit === undefined || rate < LEAST_RATE || movieRate === 0) return undefined;
  // It may have been rounded down to a whole unit.
  const shown = (movieRate >= rate ? edit.length : edit.length + 1) / movieRate;
  const until = (packets: number) => {
    const length = edit.length === 0 ? packets : Math.min(packets, shown);
    return length > 0 ? length : undefined;
  };
  const extended = first(moov!, 'mvex');
  if (extended === undefined) {
    const packets = lengthOf(first(track, 'mdia', 'minf', 'stbl', 'stts')) - edit.from;
    return { early: 0, length: until(packets / rate) };
  }
  const fragments = await fragmentsOf(file, track, extended);
  if (fragments === undefined) return undefined;
  return { early: Math.max(0, edit.from - fragments.begin) / rate, end: until((fragments.end - edit.from) / rate) };
}

/** The only stretch that is shown, behind emptiness or not; the whole without a list; undefined for several. */
function editOf(list: Buffer | undefined): { readonly from: number; readonly length: number } | undefined {
  if (list === undefined) return { from: 0, length: 0 };
  const wide = list[0] === 1;
  const stretches = Array.from({ length: list.readUInt32BE(4) }, (_, index) => {
    const at = 8 + index * (wide ? 20 : 12);
    return wide
      ? { length: Number(list.readBigUInt64BE(at)), from: Number(list.readBigInt64BE(at + 8)) }
      : { length: list.readUInt32BE(at), from: list.readInt32BE(at + 4) };
  }).filter(({ from }) => from >= 0);
  return stretches.length === 1 ? stretches[0] : undefined;
}

/** Of all packets, in units of the track. Some write no time for the last one: it lasts as long as the one before. */
function lengthOf(times: Buffer | undefined): number {
  let [sum, last] = [0, 0];
  for (let left = times?.readUInt32BE(4) ?? 0, at = 8; left > 0; left--, at += 8) {
    last = times!.readUInt32BE(at + 4) || last;
    sum += times!.readUInt32BE(at) * last;
  }
  return sum;
}

/** Units in a second. */
function scaleOf(header: Buffer): number {
  return header.readUInt32BE(header[0] === 1 ? 20 : 12);
}

function handlerOf(track: Buffer): string | undefined {
  return first(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12);
}
