import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Samples in a file, interleaved s16. */
export interface RawSound {
  readonly path: string;
  readonly sampleRate: number;
  readonly channels: number;
}

/**
 * What a filter of ffmpeg adds to reading the sound and dropping it, in milliseconds of processor time, the best of some
 * rounds: process start and reading cost nothing here, converting to the filter's sample format does. Undefined without
 * ffmpeg, and where it is too little to be told.
 */
export async function ffmpegMs(sound: RawSound, filter: string, rounds: number): Promise<number | undefined> {
  let withFilter = Number.POSITIVE_INFINITY;
  let without = Number.POSITIVE_INFINITY;
  try {
    for (let round = 0; round < rounds; round++) {
      without = Math.min(without, await processorMs(sound, 'anull'));
      withFilter = Math.min(withFilter, await processorMs(sound, filter));
    }
  } catch {
    return undefined;
  }
  return withFilter > without ? withFilter - without : undefined;
}

/** Processor time of a whole ffmpeg in milliseconds, its start included. Undefined without ffmpeg. */
export async function ffmpegFileMs(args: readonly string[]): Promise<number | undefined> {
  try {
    const { stderr } = await run('ffmpeg', ['-nostdin', '-v', 'info', '-nostats', '-benchmark', ...args]);
    return processorMsIn(stderr);
  } catch {
    return undefined;
  }
}

/** What a filter of ffmpeg makes of a sound. Undefined without ffmpeg. */
export async function ffmpegSound(sound: RawSound, filter: string, output: string): Promise<Int16Array | undefined> {
  try {
    await run('ffmpeg', [...input(sound), '-filter_complex', filter, '-f', 's16le', '-y', output]);
  } catch {
    return undefined;
  }
  const bytes = await readFile(output);
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
}

/** What filters of ffmpeg wrote beside the sound, by name in the order of time. Undefined without ffmpeg. */
export async function ffmpegMetadata(
  sound: RawSound,
  filter: string,
): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
  const found = new Map<string, number[]>();
  try {
    const args = [...input(sound), '-af', `${filter},ametadata=print:file=-`, '-f', 'null', '-'];
    const { stdout } = await run('ffmpeg', args, { maxBuffer: 2 ** 28 });
    for (const [, name, value] of stdout.matchAll(/^([\w.]+)=(\S+)$/gm)) {
      if (!found.has(name!)) found.set(name!, []);
      found.get(name!)!.push(Number(value));
    }
  } catch {
    return undefined;
  }
  return found;
}

async function processorMs(sound: RawSound, filter: string): Promise<number> {
  const { stderr } = await run('ffmpeg', [
    ...input(sound, 'info'),
    '-benchmark',
    '-filter_complex',
    filter,
    '-f',
    'null',
    '-',
  ]);
  return processorMsIn(stderr);
}

function processorMsIn(told: string): number {
  const [, user, system] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(told)!;
  return 1_000 * (Number(user) + Number(system));
}

function input({ path, sampleRate, channels }: RawSound, level = 'error'): string[] {
  const format = ['-f', 's16le', '-ar', `${sampleRate}`, '-ac', `${channels}`];
  return ['-nostdin', '-v', level, '-nostats', ...format, '-i', path];
}
