import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  type AudioFrame,
  checkChannels,
  checkKeys,
  checkSampleRate,
  createSink,
  invalidArgument,
  type Sink,
} from '@sluice/core';
import { type ContainerEncoding, type ContainerFormat, checkEncoding, formatFor } from './writing/container-format.ts';
import { type ContainerFileResult, ContainerSink } from './writing/container-sink.ts';
import { openFileTarget } from './writing/file-target.ts';
import { sampleEncoders } from './writing/sample-encoder.ts';
import { streamTarget } from './writing/stream-target.ts';
import type { OnProgress } from './writing/writing-progress.ts';

/** Form of the file that {@link toContainer} writes. */
export interface ToContainerOptions {
  /** `wav`, `matroska`, `mp4` or `mov`. Default: by the ending of the name; a stream has none. */
  readonly format?: ContainerFormat;
  /** `s16` or `f32`; in WAV and MOV also `mu-law` and `a-law`. Default `s16`. */
  readonly encoding?: ContainerEncoding;
  /** Hz. Default: the first frame's. */
  readonly sampleRate?: number;
  /** Default: the first frame's. */
  readonly channels?: number;
  /** Told how far the file is, twice a second and at the end; what it throws is reported. */
  readonly onProgress?: OnProgress;
}

/**
 * Writes PCM or G.711 into WAV (RF64 beyond 4 GiB), Matroska, MP4 or MOV, without a program. A file of that name is overwritten, from
 * the first frame on. Holds the graph back while the disk or the stream does not keep up. What is missing (`frame.gap`) is
 * silence in the file; frames of another format are converted.
 *
 * What was written can be read if the program is killed: of WAV all but the last 0.1 s, of Matroska, MP4 and MOV, which are written in
 * parts of a second, all but the last two. After an abort the file is complete. MP4 and MOV are fragmented, without one index for all of
 * the file; so is Matroska in a stream.
 *
 * `finished` rejects with `SLUICE_CONTAINER_WRITE` when the file cannot be created, while `fromContainer` reads it, and when the disk is
 * full or the stream breaks off; a stream is destroyed then. Without a frame the file is empty.
 *
 * @param output - A path, a `file:` URL, or a stream of Node, for which `format` has to be told, and which is ended.
 * @throws TypeError or RangeError at once for arguments that are not valid, such as an ending that nobody knows
 * @example
 * const recorder = graph('recorder');
 * recorder.from(fromTone({ duration: 2 })).to(toContainer('tone.mkv'));
 * await recorder.run();
 */
export function toContainer(
  output: string | URL | Writable,
  options: ToContainerOptions = {},
): Sink<AudioFrame, ContainerFileResult> {
  checkKeys<ToContainerOptions>('toContainer', options, {
    format: true,
    encoding: true,
    sampleRate: true,
    channels: true,
    onProgress: true,
  });
  const { encoding = 's16', sampleRate, channels, onProgress } = options;
  const path = output instanceof Writable ? undefined : outputPath(output);
  const format = formatFor(path, options.format);
  checkEncoding(encoding, format);
  if (sampleRate !== undefined) checkSampleRate(sampleRate);
  if (channels !== undefined) checkChannels(channels);
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw invalidArgument('onProgress', 'a function', onProgress);
  const kept = { ...(sampleRate !== undefined && { sampleRate }), ...(channels !== undefined && { channels }) };
  return createSink<AudioFrame, ContainerFileResult>({
    name: 'toContainer',
    accepts: { kind: 'audio', ...kept },
    external: true,
    open: async (context) => {
      const target = output instanceof Writable ? streamTarget(output) : await openFileTarget(path!);
      const how = { format, encoder: sampleEncoders[encoding], kept, onProgress };
      return new ContainerSink(target, how, context);
    },
  });
}

function outputPath(output: string | URL): string {
  const text = output instanceof URL ? output.href : output;
  if (typeof text !== 'string' || text === '' || text.includes('\0'))
    throw invalidArgument('output', 'a path, a file: URL, or a stream of Node', output);
  const scheme = /^([a-z][a-z0-9+.-]+:)/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return resolve(text);
  if (scheme !== 'file:') throw invalidArgument('output', 'a path, a file: URL, or a stream of Node', scheme);
  return fileURLToPath(text);
}
