import { invalidArgument } from '@sluice/core';
import type { MediaInput } from '../program/media-input.ts';

/** Where a stream comes from. */
export interface LiveInput extends MediaInput {
  /** What ffmpeg has to be told of it before its address. */
  readonly options: readonly string[];
}

interface Scheme {
  readonly protocols: string;
  readonly options?: readonly string[];
  /** How ffmpeg waits for somebody who sends, if it can; who has come has to send within so many milliseconds, where it knows that. */
  readonly listen?: (timeoutMs: number) => readonly string[];
}

const listen = (timeoutMs: number) => ['-listen', '1', '-rw_timeout', `${1_000 * timeoutMs}`];
const web = { protocols: 'http,https,tcp,tls,crypto', listen };
// ffmpeg's rtsp: opens sockets of its own; by TCP, because a lost packet of UDP is a broken picture.
const rtsp = {
  protocols: 'rtsp,rtp,srtp,udp,tcp,tls',
  options: ['-rtsp_transport', 'tcp'],
  listen: () => ['-rtsp_flags', 'listen'],
};
const rtmp = { protocols: 'rtmp,rtmps,tcp,tls,http,https', listen };
const schemes: Readonly<Record<string, Scheme>> = {
  'rtmp:': rtmp,
  'rtmps:': { ...rtmp, protocols: 'rtmps,rtmp,tls,tcp' },
  'rtsp:': rtsp,
  'rtsps:': rtsp,
  'srt:': { protocols: 'srt', listen: () => ['-mode', 'listener'] },
  'udp:': { protocols: 'udp' },
  'http:': web,
  'https:': { protocols: web.protocols },
};

/** Lists of pieces of some seconds, which come at once each: ffmpeg gives them out at the pace of time, from the third last on. */
function isPlaylist({ pathname }: URL): boolean {
  return /\.(m3u8|mpd)$/i.test(pathname);
}

/**
 * Names only scheme and host: the key of a stream is often its path.
 *
 * @throws TypeError for what is no address of a stream, or cannot be waited for
 */
export function liveInput(input: string | URL, isListening: boolean, timeoutMs: number): LiveInput {
  const text = input instanceof URL ? input.href : input;
  const url = typeof text === 'string' && !text.includes('\0') && URL.canParse(text) ? new URL(text) : undefined;
  const scheme = url === undefined ? undefined : schemes[url.protocol];
  if (url === undefined || scheme === undefined)
    throw invalidArgument(
      'input',
      `a URL of ${Object.keys(schemes).join(' ')} with a host, and a port from 1 to 65535`,
      // The rest may be a key.
      typeof text === 'string' ? (/^[a-z][a-z0-9+.-]*:/i.exec(text)?.[0] ?? text) : text,
    );
  if (isListening && scheme.listen === undefined)
    throw invalidArgument('listen', `false for ${url.protocol}, which cannot be waited for`, isListening);
  const { protocols, options = isPlaylist(url) ? ['-re'] : [] } = scheme;
  return {
    name: `${url.protocol}//${url.host}`,
    url: url.href,
    protocols,
    options: isListening ? scheme.listen!(timeoutMs) : options,
  };
}
