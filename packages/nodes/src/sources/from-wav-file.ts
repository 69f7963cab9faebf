import type { Readable } from 'node:stream';
import {
  type ActorContext,
  type AudioFrame,
  checkKeys,
  invalidArgument,
  outOfRange,
  type Puller,
  type Source,
} from '@sluice/core';
import { checkFrameMs } from '../formats/frame-timeline.ts';
import { WavPuller } from '../formats/wav/wav-puller.ts';
import { WavReader } from '../formats/wav/wav-reader.ts';
import { checkPath } from '../options/file-path.ts';
import { checkSeconds } from '../options/media-seconds.ts';
import { checkLoop } from '../options/play-count.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** Which part of a file {@link fromWavFile} plays, and how often. */
export interface FromWavFileOptions extends LiveOptions {
  /** Plays the file again without a gap: for ever, or this many times in all. Timestamps go on. Default: once. */
  readonly loop?: boolean | number | undefined;
  /** Where to start, in seconds of media, exact to the sample. Default 0. */
  readonly start?: number | undefined;
  /** Where to stop, in seconds of media. Default, and at most, the end of the file. */
  readonly end?: number | undefined;
  /** Length of a frame in milliseconds, 1 to 1,000; the last one may be shorter. Default 20. */
  readonly frameMs?: number | undefined;
}

/**
 * Reads a WAV file: 8, 16, 24 and 32-bit integers, 32 and 64-bit floats, A-law, mu-law, IMA and MS ADPCM, in RIFF, RF64
 * and BW64 files, of any channel count and rate that frames can have.
 *
 * Streams the file in pieces of 64 KiB; the memory does not depend on its length. It is read as fast as its slowest
 * sink takes it, or with `live` on the clock. Timestamps start at 0, also with `start`. Adds no latency.
 *
 * Sizes in the header are believed as far as the file bears them out. One whose writer did not know its length (a pipe,
 * a recorder that was killed), or that announces more than there is, is read to its end, without the chunks there; what
 * is missing, left out or in doubt is reported (`SLUICE_WAV_TRUNCATED`, `SLUICE_WAV_SIZE`), and so is a file without
 * any sound (`SLUICE_WAV_EMPTY`), and one that is cut while it is read (`SLUICE_WAV_TRUNCATED`). Floats that are NaN or
 * infinite are silence, counted and reported once (`SLUICE_SAMPLES_INVALID`).
 *
 * Errors: `SLUICE_FILE_READ`, `SLUICE_WAV_NOT_WAV`, `SLUICE_WAV_TRUNCATED`, `SLUICE_WAV_FORMAT`, `SLUICE_WAV_CODEC`,
 * `SLUICE_WAV_HEADER_TOO_LARGE`; a `RangeError` if the file ends before `start`.
 *
 * @example
 * ```ts
 * import { fromWavFile, toNull } from '@sluice/nodes';
 *
 * const sink = toNull();
 * fromWavFile('examples/assets/greeting.wav', { start: 0.5, end: 2 }).subscribe(sink);
 * console.log(await sink.finished); // { frames: 75, samples: 24000, duration: 1500000 }
 * ```
 * @param path - A path or a `file:` URL of a regular file.
 * @see fromWav for pipes and other streams, fromPcm for raw samples, toWavFile for the way back.
 */
export function fromWavFile(path: string | URL, options: FromWavFileOptions = {}): Source<AudioFrame> {
  checkKeys<FromWavFileOptions>('fromWavFile', options, {
    ...liveKeys,
    loop: true,
    start: true,
    end: true,
    frameMs: true,
  });
  const { live, loop = false, start, end, frameMs = 20 } = options;
  if (typeof (path as unknown as Partial<Readable>)?.pipe === 'function')
    throw invalidArgument('path', 'a path or a file: URL; fromWav reads a stream', 'a stream');
  const file = checkPath(path);
  checkFrameMs(frameMs);
  const plays = checkLoop(loop);
  checkRange(start, end);

  const open = async (context: ActorContext): Promise<Puller<AudioFrame>> => {
    const reader = await WavReader.open(file);
    try {
      reader.select({ start, end, plays });
    } catch (error) {
      await reader.close();
      throw error;
    }
    for (const report of reader.reports) context.report(report);
    reader.report = (fault) => context.report(fault);
    reader.countInvalid = (samples) => context.countInvalid(samples);
    return new WavPuller(reader, frameMs);
  };
  const prepare = async () => {
    const reader = await WavReader.open(file);
    try {
      reader.select({ start, end, plays });
    } finally {
      await reader.close();
    }
    const { sampleRate, channels, channelMask } = reader.header.format;
    return { kind: 'audio', sampleRate, channels, channelMask } as const;
  };
  return frameSource({ name: 'fromWavFile', prepare }, live, open);
}

function checkRange(start: number | undefined, end: number | undefined): void {
  checkSeconds('start', start);
  checkSeconds('end', end);
  if (end !== undefined && end <= (start ?? 0)) throw outOfRange('end', `more than start (${start ?? 0} s)`, end);
}
