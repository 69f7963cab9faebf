// What a container is written in, and where to: forms, codings, files, streams. No frame.

import { extname } from 'node:path';
import { invalidArgument } from '@sluice/core';
import { MkvOutputFormat, MovOutputFormat, Mp4OutputFormat, type OutputFormat, WavOutputFormat } from 'mediabunny';

/** The containers that `toContainer` writes. */
export const containerFormats = ['wav', 'matroska', 'mp4', 'mov'] as const;
/** A container that `toContainer` writes. */
export type ContainerFormat = (typeof containerFormats)[number];

/** The codings that `toContainer` writes. */
export const containerEncodings = ['s16', 'f32', 'mu-law', 'a-law'] as const;
/** How samples are written: 16 bits, floats of 32, or 8 bits of ITU-T G.711. */
export type ContainerEncoding = (typeof containerEncodings)[number];

const endings: Readonly<Record<string, ContainerFormat>> = {
  '.wav': 'wav',
  '.mkv': 'matroska',
  '.mka': 'matroska',
  '.mp4': 'mp4',
  '.m4a': 'mp4',
  '.mov': 'mov',
};
const takesG711: readonly ContainerFormat[] = ['wav', 'mov'];

/** The form by an option or by the ending of a path. @throws TypeError for none and for one that is none */
export function formatFor(path: string | undefined, format: ContainerFormat | undefined): ContainerFormat {
  if (format !== undefined) {
    if (containerFormats.includes(format)) return format;
    throw invalidArgument('format', `one of ${containerFormats.join(', ')}`, format);
  }
  if (path === undefined) throw invalidArgument('format', `one of ${containerFormats.join(', ')} for a stream`, format);
  const ending = extname(path).toLowerCase();
  if (Object.hasOwn(endings, ending)) return endings[ending]!;
  const rule = `a path that ends in ${Object.keys(endings).join(', ')}, or the option format; toMedia of @sluice/plugin-ffmpeg writes more`;
  throw invalidArgument('output', rule, path);
}

/** @throws TypeError for one that is none, and for one that the container does not take */
export function checkEncoding(encoding: ContainerEncoding, format: ContainerFormat): void {
  if (!containerEncodings.includes(encoding))
    throw invalidArgument('encoding', `one of ${containerEncodings.join(', ')}`, encoding);
  const g711 = encoding === 'mu-law' || encoding === 'a-law';
  if (g711 && !takesG711.includes(format))
    throw invalidArgument('encoding', `s16 or f32 in ${format}; G.711 goes into ${takesG711.join(' and ')}`, encoding);
}

/** What the library writes it by: in parts of a second, each of which can be read when the next begins. */
export function outputFormat(
  format: ContainerFormat,
  seekable: boolean,
  onHead: (head: Uint8Array) => void,
): OutputFormat {
  if (format === 'matroska') return new MkvOutputFormat({ appendOnly: !seekable, minimumClusterDuration: 1 });
  const fragments = { fastStart: 'fragmented', minimumFragmentDuration: 1 } as const;
  if (format === 'mp4') return new Mp4OutputFormat(fragments);
  if (format === 'mov') return new MovOutputFormat(fragments);
  return new WavOutputFormat({ large: true, onHeader: (head) => onHead(head.slice()) });
}
