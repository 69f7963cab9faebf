import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioFrame, graph, pullSource, samplesToMicros } from '@sluice/core';
import { testTone } from '@sluice/core/testing';
import { type ContainerEncoding, type ContainerFormat, fromContainer, toContainer } from '@sluice/plugin-mediabunny';
import { lastValueFrom, map, reduce } from 'rxjs';
import { ffmpegFileMs } from '../measuring/ffmpeg.ts';
import type { Bench, BenchOptions, Report } from '../measuring/report.ts';
import { least } from '../measuring/rounds.ts';

interface Container {
  readonly format: ContainerFormat;
  readonly ending: string;
  readonly encoding: ContainerEncoding;
  /** ffmpeg's name of the encoding. */
  readonly codec: string;
  readonly sampleRate: number;
}

const containers: readonly Container[] = [
  { format: 'wav', ending: 'wav', encoding: 's16', codec: 'pcm_s16le', sampleRate: 48_000 },
  { format: 'matroska', ending: 'mkv', encoding: 's16', codec: 'pcm_s16le', sampleRate: 48_000 },
  { format: 'mov', ending: 'mov', encoding: 'mu-law', codec: 'pcm_mulaw', sampleRate: 8_000 },
];

/** Seconds of sound for a second of processor: out of a container and decoded, coded and into one, beside ffmpeg whole. */
export const bench: Bench = {
  name: 'containers',
  async run(report, options) {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-containers-'));
    try {
      for (const container of containers) await compare(report, options, folder, container);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function compare(report: Report, { quick, note }: BenchOptions, folder: string, one: Container): Promise<void> {
  const { format, ending, encoding, codec, sampleRate } = one;
  const seconds = quick ? 300 : 1_800;
  const samples = testTone({ sampleRate, frequency: 440, durationMs: seconds * 1_000 });
  const [ours, theirs, raw] = ['ours', 'theirs']
    .map((name) => join(folder, `${name}.${ending}`))
    .concat(join(folder, 'raw')) as [string, string, string];
  writeFileSync(raw, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  const spent = { write: [] as number[], read: [] as number[] };
  const peer = { write: [] as number[], read: [] as number[] };
  const rawInput = ['-f', 's16le', '-ar', `${sampleRate}`, '-ac', '1', '-i', raw];
  // In turn, so that what else the machine does meets both; the best of each. The first warms up.
  for (let round = 0; round <= (quick ? 2 : 5); round++) {
    const write = await processorMs(() => written(samples, ours, one));
    const read = await processorMs(() => heard(ours, samples.length));
    const theirWrite = await ffmpegFileMs([...rawInput, '-c:a', codec, '-y', theirs]);
    const theirRead = theirWrite && (await ffmpegFileMs(['-i', theirs, '-f', 's16le', '-y', '/dev/null']));
    if (round === 0) continue;
    spent.write.push(write);
    spent.read.push(read);
    if (theirWrite !== undefined) peer.write.push(theirWrite);
    if (theirRead !== undefined) peer.read.push(theirRead);
  }
  if (peer.write.length === 0) note('ffmpeg is not installed: no figures of a peer');
  for (const [what, key] of [
    ['demux and decode', 'read'],
    ['encode and mux', 'write'],
  ] as const) {
    const beside =
      peer[key].length === 0 ? undefined : { name: 'ffmpeg', value: rate(seconds, least(peer[key]).value) };
    report(`${what}, ${format} ${encoding}`, rate(seconds, least(spent[key]).value), 'x real time', beside, 'higher');
  }
}

const rate = (seconds: number, ms: number) => (1_000 * seconds) / ms;

async function processorMs(work: () => Promise<void>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

async function written(samples: Int16Array, path: string, { format, encoding, sampleRate }: Container): Promise<void> {
  const length = sampleRate / 50;
  let at = 0;
  const source = pullSource<AudioFrame>({ name: 'tone' }, () => ({
    read() {
      if (at >= samples.length) return null;
      const part = samples.subarray(at, at + length);
      const timestamp = samplesToMicros(at, sampleRate);
      at += length;
      return new AudioFrame({ samples: part, sampleRate, channels: 1, timestamp });
    },
  }));
  const coder = graph('coder');
  coder.from(source).to(toContainer(path, { format, encoding }));
  await coder.run();
}

async function heard(path: string, length: number): Promise<void> {
  const lengths = fromContainer(path).pipe(
    map((frame) => {
      frame.close();
      return frame.length;
    }),
    reduce((sum, one) => sum + one, 0),
  );
  const came = await lastValueFrom(lengths);
  if (came !== length) throw new Error(`of ${length} samples ${came} came out of ${path}`);
}
