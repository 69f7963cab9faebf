import { limits } from './limits.ts';

const WEAK_FINGERPRINT = /^a=fingerprint:(?!sha-(?:256|384|512) )/im;
// Text lines only: a name that smuggles control characters into a description is refused, and so is what ends a line for a pattern
// and not for an engine, which would read another description than we do.
const TEXT_LINES = /^(?:\r\n|[\n\t\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\uffff])*$/;

/** What is wrong with a session description that is to be passed on; undefined if nothing is. */
export function sdpFault(sdp: string): string | undefined {
  if (sdp.length > limits.sdpLength) return `a session description of ${sdp.length} characters`;
  if (!sdp.startsWith('v=0')) return 'a session description that does not begin with v=0';
  if (!TEXT_LINES.test(sdp)) return 'a session description with control characters or odd ends of lines';
  if (/^a=candidate:/m.test(sdp)) return 'a session description with candidates in it; they travel one by one';
  const sections = mediaSections(sdp);
  if (sections > limits.mediaSections) return `a session description with ${sections} media sections`;
  if (sections === 0) return undefined;
  if (!/^a=fingerprint:/m.test(sdp)) return 'a session description without a fingerprint';
  if (WEAK_FINGERPRINT.test(sdp)) return 'a session description with a fingerprint weaker than SHA-256';
  if (!/^a=setup:/m.test(sdp)) return 'a session description without a=setup';
  if (!/^a=rtcp-mux\r?$/m.test(sdp)) return 'a session description without a=rtcp-mux';
  return undefined;
}

/** How many media sections a description has. */
export function mediaSections(sdp: string): number {
  return sdp.split(/^m=/m).length - 1;
}

/** The name under which ICE runs: another one than before is a restart. Undefined where there is none. */
export function iceUser(sdp: string): string | undefined {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
}

/** The description without its candidates: they travel one by one, where each can be looked at. */
export function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(?:candidate:.*|end-of-candidates)(?:\r?\n|$)/gm, '');
}
