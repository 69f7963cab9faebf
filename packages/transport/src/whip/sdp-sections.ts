import { limits, withoutCandidates } from '@sluice/protocol';
import type { HostIceCandidate } from '../host/media-host.ts';

/** The most candidates of one description that are looked at. */
const MOST_CANDIDATES = 64;

/** An m-line. */
interface SdpSection {
  readonly mid: string;
  readonly kind: string;
  /** Whoever wrote the description sends here. */
  readonly sends: boolean;
}

/** The m-lines of a description, those that were refused too. */
export function sdpSections(sdp: string): SdpSection[] {
  return partsOf(sdp).map((part) => ({
    mid: midOf(part) ?? '',
    kind: /^m=(\w+)/.exec(part)?.[1] ?? '',
    sends: !/^m=\w+ 0 /.test(part) && !/^a=(recvonly|inactive)\r?$/m.test(part),
  }));
}

/** What is wrong with a description of somebody else; undefined if nothing is. */
export function sdpFault(sdp: string): string | undefined {
  if (sdp.length > limits.sdpLength) return `it has ${sdp.length} characters`;
  if (!sdp.startsWith('v=0')) return 'it does not begin with v=0';
  const count = partsOf(sdp).length;
  if (count === 0 || count > limits.mediaSections) return `it has ${count} media sections`;
  if (!/^a=fingerprint:sha-(256|384|512) /im.test(sdp)) return 'it has no fingerprint of SHA-256 or better';
  if (!/^a=ice-ufrag:/m.test(sdp) || !/^a=ice-pwd:/m.test(sdp)) return 'it has no name and password for ICE';
  return undefined;
}

/**
 * The description with all its media in one direction. The engine always offers both, and takes an answer for one.
 * Who only receives names no streams.
 */
export function directed(sdp: string, direction: 'sendonly' | 'recvonly'): string {
  const turned = sdp.replace(/^a=(sendrecv|sendonly|recvonly)(?=\r?$)/gm, `a=${direction}`);
  return direction === 'sendonly' ? turned : turned.replace(/^a=(msid|ssrc|ssrc-group):.*\r?\n/gm, '');
}

/** The description with exactly these candidates, in the first m-line, which all share. */
export function withCandidates(sdp: string, candidates: readonly HostIceCandidate[], complete: boolean): string {
  const [session = '', first = '', ...rest] = withoutCandidates(sdp).split(/^(?=m=)/m);
  const lines = candidates.map(({ candidate }) => `a=${candidate}\r\n`).join('');
  // The last line of somebody else may have no end.
  const end = first.endsWith('\n') ? '' : '\r\n';
  return [session, first, end, lines, complete ? 'a=end-of-candidates\r\n' : '', ...rest].join('');
}

/** All m-lines share one transport: the candidates of each, told once. */
export function candidatesOf(sdp: string): HostIceCandidate[] {
  const found = new Map<string, HostIceCandidate>();
  for (const [sdpMLineIndex, part] of partsOf(sdp).entries())
    for (const [, candidate] of part.matchAll(/^a=(candidate:[^\r\n]{1,512})/gm))
      if (found.size < MOST_CANDIDATES && !found.has(candidate!))
        found.set(candidate!, { candidate: candidate!, sdpMid: midOf(part) ?? null, sdpMLineIndex });
  return [...found.values()];
}

/** What PATCH says of candidates that came late (RFC 8840). */
export function trickleFragment(sdp: string, candidates: readonly HostIceCandidate[]): string {
  const [first = ''] = partsOf(sdp);
  const line = (name: string) => new RegExp(`^a=${name}:[^\\r\\n]+`, 'm').exec(sdp)?.[0];
  const ice = ['ice-options', 'ice-ufrag', 'ice-pwd'].map(line);
  const media = [/^m=.*/.exec(first)?.[0].trimEnd(), `a=mid:${midOf(first)}`];
  const lines = [...ice, ...media, ...candidates.map(({ candidate }) => `a=${candidate}`)];
  return `${lines.filter((one) => one !== undefined).join('\r\n')}\r\n`;
}

function partsOf(sdp: string): string[] {
  return sdp.split(/^(?=m=)/m).slice(1);
}

function midOf(part: string): string | undefined {
  return /^a=mid:(\S+)/m.exec(part)?.[1];
}
