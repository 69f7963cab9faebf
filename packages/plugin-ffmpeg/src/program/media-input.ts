import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { invalidArgument, outOfRange } from '@sluice/core';

/** Where media is, as ffmpeg is told it, with the protocols that it may use for that. */
export interface MediaInput {
  /** For messages; without user, password and query. */
  readonly name: string;
  readonly url: string;
  readonly protocols: string;
}

/**
 * What a program says, with scheme and host alone of each address: user, path and query may be secrets, also of an address that a server
 * has named.
 */
export function withoutSecrets(words: string): string {
  return words.replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s'"/@]*@)?([^\s'"/?#]*)[^\s'"]*/gi, '$1$2');
}

/** What ffmpeg is told of a stream of this process: it comes by its standard input. */
export const streamInput: MediaInput = { name: 'a stream', url: 'pipe:0', protocols: 'pipe' };

/** How long a server may send nothing unless it is told otherwise, in milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * What ffmpeg and ffprobe are told before an input: what they may open, and when they give a silent server up, for which they would wait
 * for ever.
 *
 * @throws RangeError for a time that is none
 */
export function openingOf({ protocols }: MediaInput, timeoutMs = TIMEOUT_MS): readonly string[] {
  if (!(timeoutMs >= 100 && timeoutMs <= 3_600_000)) throw outOfRange('timeoutMs', '100 to 3,600,000 ms', timeoutMs);
  const patience = protocols.startsWith('http') ? ['-rw_timeout', `${Math.round(timeoutMs * 1_000)}`] : [];
  return ['-protocol_whitelist', protocols, ...patience];
}

/** Whether media is a stream of this process. */
export function isStream(input: unknown): input is Readable {
  return input instanceof Readable;
}

/**
 * Only files, and only http and https: ffmpeg itself would also take `concat:`, `subfile:`, devices, and options for names.
 *
 * @throws TypeError for anything else
 */
export function mediaInput(input: string | URL): MediaInput {
  const text = input instanceof URL ? input.href : input;
  if (typeof text !== 'string' || text === '' || text.startsWith('-') || text.includes('\0'))
    throw invalidArgument('input', 'a path that does not begin with a hyphen (./-name), or a URL', input);
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'file') {
    const path = scheme === undefined ? resolve(text) : fileURLToPath(text);
    return { name: path, url: `file:${path}`, protocols: 'file' };
  }
  if (scheme !== 'http' && scheme !== 'https')
    throw invalidArgument('input', 'a path, or a URL of file:, http: or https:', `${scheme}:`);
  const { origin, pathname, href } = new URL(text);
  return { name: `${origin}${pathname}`, url: href, protocols: 'http,https,tcp,tls,crypto' };
}
