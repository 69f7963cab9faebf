import { invalidArgument } from '@sluice/core';
import { checkIceConfig, type IceServer } from '../call/ice-config.ts';
import type { VideoCodec } from '../host/media-host.ts';

/** The sound that is published. */
export interface WhipAudioOptions {
  /** Hz: 8000, 16000, 24000, 44100 or 48000. Default: 48000. */
  readonly sampleRate?: number;
  /** 1 or 2. Default: 1. */
  readonly channels?: number;
  /** Bits per second. Default: the engine's, about 32,000. */
  readonly bitrate?: number;
}

/** The pictures that are published. */
export interface WhipVideoOptions {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Bits per second. Default: what the path bears. */
  readonly maxBitrate?: number;
  /** Preferred. Default: VP8. */
  readonly codec?: VideoCodec;
  /** True for slides and text: detail first. Default: false. */
  readonly screen?: boolean;
}

/** What publishing and playing have in common. */
export interface WhipAccess {
  /** The Bearer token of the endpoint. Default: none. */
  readonly token?: string;
  /** STUN and TURN servers. Default: those that the endpoint recommends (`Link` in its answer to OPTIONS), if any. */
  readonly iceServers?: readonly IceServer[];
}

export const accessKeys = { token: true, iceServers: true } as const;

/** Where and how; throws at once for what is no address or no token. */
export function checkAccess(
  url: string | URL,
  { token, iceServers }: WhipAccess,
): { readonly url: URL; readonly token: string | undefined; readonly iceServers: readonly IceServer[] | undefined } {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol) || parsed.username !== '')
    throw invalidArgument(
      'url',
      'the http: or https: URL of an endpoint, without a user name',
      parsed?.protocol ?? url,
    );
  // What was given is not told: it may be nearly the secret.
  if (token !== undefined && (typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token)))
    throw invalidArgument('token', 'text of 1 to 8192 characters without spaces', typeof token);
  if (iceServers !== undefined) checkIceConfig({ iceServers });
  return { url: parsed, token, iceServers };
}
