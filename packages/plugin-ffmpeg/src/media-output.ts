import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invalidArgument, outOfRange } from '@sluice/core';

/** A path or a `file:` URL as a path. */
export function outputPath(output: string | URL): string {
  const text = output instanceof URL ? output.href : output;
  if (typeof text !== 'string' || text === '' || text.startsWith('-') || text.includes('\0'))
    throw invalidArgument('output', 'a path that does not begin with a hyphen (./-name), or a file: URL', output);
  if (/^file:/i.test(text)) return fileURLToPath(text);
  if (/^[a-z][a-z0-9+.-]+:/i.test(text)) throw invalidArgument('output', 'a path or a file: URL', text.split(':')[0]);
  return resolve(text);
}

/** What ffmpeg is told by these names would be options if they began with a hyphen. */
export function checkNames(who: string, names: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(names))
    if (value !== undefined && (typeof value !== 'string' || !/^[^-\0]/.test(value)))
      throw invalidArgument(`${who}.${name}`, 'a name that does not begin with a hyphen', value);
}

export function checkBitrate(name: string, kbps: number | undefined, most: number): void {
  if (kbps !== undefined && !(kbps >= 1 && kbps <= most)) throw outOfRange(name, `1 to ${most}`, kbps);
}

/** Arguments for codec and bit rate of one kind of stream, `a` or `v`. */
export function codingOf(kind: 'a' | 'v', codec: string | undefined, bitrateKbps: number | undefined): string[] {
  return [
    ...(codec === undefined ? [] : [`-c:${kind}`, codec]),
    ...(bitrateKbps === undefined ? [] : [`-b:${kind}`, `${bitrateKbps}k`]),
  ];
}

/** Arguments that end each call: the container, and a file of that name is overwritten. */
export function fileOf(path: string, container: string | undefined): string[] {
  return [...(container === undefined ? [] : ['-f', container]), '-flush_packets', '1', '-y', `file:${path}`];
}
