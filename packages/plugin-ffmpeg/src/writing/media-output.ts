import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { invalidArgument, outOfRange } from '@sluice/core';
import { liveCodecs, liveForm, liveSchemes } from './live-output.ts';

/** Where an encoder writes. */
export interface MediaTarget {
  /** For messages: the path, that it is a stream, or scheme and host of a live one, whose path may be its key. */
  readonly name: string;
  /** Undefined for a stream. */
  readonly path: string | undefined;
  /** It is the address of a live stream. */
  readonly live: boolean;
  /** Coding where no codec is asked for; undefined: the container's. */
  readonly coding?: Readonly<Record<'a' | 'v', readonly string[]>>;
  /** Arguments that end each call of ffmpeg. */
  readonly args: readonly string[];
  /** What ffmpeg's output goes into; undefined for a file, which it writes itself. */
  readonly stream: Writable | undefined;
}

/**
 * A path, a `file:` URL, the address of a live stream, or a stream of this process. A file of that name is overwritten.
 *
 * @throws TypeError for anything else, and for a stream whose container is not told
 */
export function mediaTarget(output: string | URL | Writable, container: string | undefined): MediaTarget {
  const form = [...(container === undefined ? [] : ['-f', container]), '-flush_packets', '1', '-y'];
  if (!(output instanceof Writable)) {
    const text = output instanceof URL ? output.href : output;
    const live = liveTarget(text, container);
    if (live !== undefined) return live;
    const path = outputPath(text);
    return { name: path, path, live: false, args: [...form, `file:${path}`], stream: undefined };
  }
  if (container === undefined)
    throw invalidArgument('container', "ffmpeg's name of a container, where the output is a stream", container);
  return { name: 'into a stream', path: undefined, live: false, args: [...form, 'pipe:1'], stream: output };
}

function liveTarget(text: string, container: string | undefined): MediaTarget | undefined {
  const url = typeof text === 'string' && !text.includes('\0') && URL.canParse(text) ? new URL(text) : undefined;
  const args = url === undefined ? undefined : liveForm(url, container);
  if (url === undefined || args === undefined) return undefined;
  return {
    name: `${url.protocol}//${url.host}`,
    path: undefined,
    live: true,
    coding: { a: liveCodecs.audio, v: liveCodecs.video },
    args,
    stream: undefined,
  };
}

function outputPath(text: string): string {
  if (typeof text !== 'string' || text === '' || text.startsWith('-') || text.includes('\0'))
    throw invalidArgument(
      'output',
      'a path that does not begin with a hyphen (./-name), a file: URL, or a stream',
      text,
    );
  if (/^file:/i.test(text)) return fileURLToPath(text);
  const scheme = /^([a-z][a-z0-9+.-]+:)/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && liveSchemes.includes(scheme))
    throw invalidArgument('output', `a URL of ${scheme} with a host and a port from 1 to 65535`, `${scheme}…`);
  if (scheme !== undefined)
    throw invalidArgument('output', `a path, a URL of file: ${liveSchemes.join(' ')}, or a stream`, scheme);
  return resolve(text);
}

export function checkBitrate(name: string, kbps: number | undefined, most: number): void {
  if (kbps !== undefined && !(kbps >= 1 && kbps <= most)) throw outOfRange(name, `1 to ${most}`, kbps);
}

/** Arguments for codec and bit rate of one kind of stream, `a` or `v`. */
export function codingOf(
  kind: 'a' | 'v',
  codec: string | undefined,
  bitrateKbps: number | undefined,
  { coding }: MediaTarget,
): string[] {
  return [
    ...(codec === undefined ? (coding?.[kind] ?? []) : [`-c:${kind}`, codec]),
    ...(bitrateKbps === undefined ? [] : [`-b:${kind}`, `${bitrateKbps}k`]),
  ];
}
