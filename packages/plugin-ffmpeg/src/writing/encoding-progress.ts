import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type ActorContext, invalidArgument, toError } from '@sluice/core';

/** How far an encoder is. */
export interface EncodingProgress {
  /** What is in the file, in milliseconds of media time. */
  readonly encodedMs: number;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Media time per time: 2 is twice as fast as it plays. Undefined while ffmpeg cannot tell. */
  readonly speed: number | undefined;
  /** Whether this is the last report: the file is finished. */
  readonly done: boolean;
}

/** Is told twice a second while a file is written, and once more at its end. */
export type OnProgress = (progress: EncodingProgress) => void;

/** What ffmpeg is told to write into its fourth pipe. */
export const progressArguments = ['-progress', 'pipe:3', '-stats_period', '0.5'];

/** @throws TypeError for what is no function */
export function checkOnProgress(name: string, onProgress: OnProgress | undefined): void {
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw invalidArgument(name, 'a function', onProgress);
}

/** The same, with what it throws reported by the node. */
export function reporting(onProgress: OnProgress | undefined, context: ActorContext): OnProgress | undefined {
  if (onProgress === undefined) return undefined;
  return (progress) => {
    try {
      onProgress(progress);
    } catch (error) {
      context.report(toError(error));
    }
  };
}

/** Reads ffmpeg's reports: lines of `key=value`, of which `progress` is the last of each. */
export function readProgress(reports: Readable, onProgress: OnProgress): void {
  let figures = new Map<string, string>();
  const figure = (key: string) => {
    const value = Number.parseFloat(figures.get(key) ?? '');
    return Number.isFinite(value) ? value : undefined;
  };
  createInterface({ input: reports }).on('line', (line) => {
    const [key = '', value = ''] = line.split('=');
    figures.set(key, value.trim());
    if (key !== 'progress') return;
    // Before its first packet ffmpeg tells of no time, or of one far below 0.
    const encodedMs = Math.max(0, (figure('out_time_us') ?? 0) / 1_000);
    onProgress({ encodedMs, bytes: figure('total_size') ?? 0, speed: figure('speed'), done: value === 'end' });
    figures = new Map();
  });
}
