// Files that ffmpeg wrote, and what ffmpeg hears in them.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioFrame, type Gap, graph } from '@sluice/core';
import { type ContainerInput, type FromContainerOptions, fromContainer } from '@sluice/plugin-mediabunny';

/** A folder for one test file. */
export function testFolder(): { readonly at: (name: string) => string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-mediabunny-'));
  return { at: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true }) };
}

/** 1.2345 s that rise from 200 Hz: like itself at no other place. 59,256 samples, of two channels that differ. */
export const SWEEP = 'aevalsrc=0.5*sin(2*PI*(200*t+800*t*t))|0.3*sin(2*PI*(900*t)):s=48000:d=1.2345';
export const LENGTH = 59_256;

/** Runs ffmpeg, without a word unless it fails. */
export function ffmpeg(...args: readonly string[]): Buffer {
  return execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 1 << 28 });
}

/** Has ffmpeg write the sweep, with these arguments for each file. */
export function writeSweeps(files: Readonly<Record<string, readonly string[]>>): void {
  ffmpeg('-f', 'lavfi', '-i', SWEEP, ...Object.entries(files).flatMap(([path, args]) => [...args, path]));
}

/** What ffmpeg hears in each of them, as samples of 16 bits. */
export function heardByFfmpeg(paths: readonly string[]): Int16Array[] {
  const inputs = paths.flatMap((path) => ['-i', path]);
  const outputs = paths.flatMap((path, n) => ['-map', `${n}:a:0`, '-f', 's16le', `${path}.s16`]);
  ffmpeg(...inputs, ...outputs);
  return paths.map((path) => {
    const { buffer, byteOffset, byteLength } = readFileSync(`${path}.s16`);
    return new Int16Array(buffer.slice(byteOffset, byteOffset + byteLength));
  });
}

export interface Heard {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channels: number;
  readonly lengths: readonly number[];
  readonly timestamps: readonly number[];
  readonly gaps: readonly (Gap | undefined)[];
  /** What the graph says of it, reports included. */
  readonly told: string;
}

/** What `fromContainer` gives. */
export async function heard(input: ContainerInput, options?: FromContainerOptions): Promise<Heard> {
  const pieces: Int16Array[] = [];
  const frames: { length: number; timestamp: number; gap: Gap | undefined; sampleRate: number; channels: number }[] =
    [];
  const hearing = graph('hearing');
  hearing.from(fromContainer(input, options)).to({
    next: (frame: AudioFrame) => {
      const { length, timestamp, gap, sampleRate, channels } = frame;
      frames.push({ length, timestamp, gap, sampleRate, channels });
      pieces.push(frame.samples.slice());
      frame.close();
    },
  });
  await hearing.run();
  const samples = joined(pieces);
  return {
    samples,
    sampleRate: frames[0]?.sampleRate ?? 0,
    channels: frames[0]?.channels ?? 0,
    lengths: frames.map(({ length }) => length),
    timestamps: frames.map(({ timestamp }) => timestamp),
    gaps: frames.map(({ gap }) => gap),
    told: JSON.stringify(hearing.inspect()),
  };
}

/** One after the other. */
export function joined(pieces: readonly Int16Array[]): Int16Array {
  const samples = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    samples.set(piece, at);
    at += piece.length;
  }
  return samples;
}

/** The largest difference of two samples at one place: a message of a million lines helps nobody. */
export function furthest(one: Int16Array, other: Int16Array): number {
  if (one.length !== other.length) throw new Error(`${one.length} samples, and ${other.length}`);
  let most = 0;
  for (let i = 0; i < one.length; i++) most = Math.max(most, Math.abs(one[i]! - other[i]!));
  return most;
}
