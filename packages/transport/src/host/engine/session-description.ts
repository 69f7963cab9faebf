import type { VideoCodec } from '../media-host.ts';
import { allowsCandidate, type CandidatePolicy } from './candidate-filter.ts';

/** An m-line as text, with what negotiation has to know of it. */
export interface MediaSection {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  /** The far side of this description can receive here. */
  readonly receives: boolean;
  /** Its decoder was set up for two channels. */
  readonly stereo: boolean;
  /** It sends two channels here. */
  readonly sendsStereo: boolean;
  /** The first codec, which is what the other side of this description sends here: `VP8`. */
  readonly codec: string | undefined;
}

export interface OpusParameters {
  readonly stereo?: boolean;
  readonly spropStereo?: boolean;
  /** Bits per second. */
  readonly maxAverageBitrate?: number;
  /** Each packet is sent with the one before it, if the far side has RED. */
  readonly redundancy?: boolean;
}

export interface VideoParameters {
  /** What our encoder uses if the far side has it: the first codec of a remote description is the one that is sent. */
  readonly codec?: VideoCodec;
  /** Bits per second. */
  readonly maxBitrate?: number;
  /** With what our encoder begins, in bits per second. */
  readonly startBitrate?: number;
}

export interface SectionChanges {
  /** Opus parameters of audio, codec and bit rate of video; undefined leaves a section as it is. */
  readonly parameters: (mid: string) => (OpusParameters & VideoParameters) | undefined;
  /** The stream that a section's track belongs to, for the far side. */
  readonly stream?: (mid: string) => string | undefined;
  /** Whether what the far side sends on a section is taken; without it all are. The others send nothing here. */
  readonly taken?: (mid: string) => boolean;
}

/** Payload types have seven bits: https://www.rfc-editor.org/rfc/rfc3551#section-6 */
const OPUS = /^a=rtpmap:(\d{1,3}) opus\/.*$/im;

/** The usable m-lines of a description, in order. */
export function mediaSections(sdp: string): MediaSection[] {
  return split(sdp)
    .media.filter((section) => /^m=(audio|video) (?!0 )/.test(section))
    .map((section) => ({
      mid: midOf(section),
      kind: section.startsWith('m=audio ') ? 'audio' : 'video',
      receives: /^a=(sendrecv|recvonly)\r?$/m.test(section),
      stereo: /[ ;]stereo=1/.test(opusLine(section) ?? ''),
      sendsStereo: /sprop-stereo=1/.test(opusLine(section) ?? ''),
      codec: firstCodec(section),
    }));
}

/**
 * The description with parameters set per media id and with only those candidates that the policy allows. In a remote
 * description the parameters say what our encoder does, in a local one what our decoder expects.
 */
export function rewrite(sdp: string, policy: CandidatePolicy, changes: SectionChanges): string {
  const { session, media } = split(sdp);
  const rewritten = media.map((section) => {
    const lines = section
      .split('\r\n')
      .filter((line) => !line.startsWith('a=candidate:') || allowsCandidate(policy, line));
    const mid = midOf(section);
    const told = inStream(lines.join('\r\n'), changes.stream?.(mid));
    const kept = changes.taken?.(mid) === false ? withoutMedia(told) : told;
    const wanted = changes.parameters(mid);
    if (wanted === undefined) return kept;
    return section.startsWith('m=audio ') ? withAudio(kept, wanted) : withVideo(kept, wanted);
  });
  return session + rewritten.join('');
}

/**
 * The part before the first m-line, and each m-line with what follows it. Only a line feed ends a line, as for the engine: what else ends
 * one for a pattern would be a line of our own, in which somebody could say that a section is another one.
 */
export function split(sdp: string): { session: string; media: string[] } {
  const lines = sdp.replace(/\r?\n/g, '\r\n').replace(/\r(?!\n)|[\u2028\u2029]/g, ' ');
  const [session = '', ...media] = lines.split(/(?=^m=)/m);
  return { session, media };
}

/** Of several the engine takes the last. */
function midOf(section: string): string {
  return lastOf(section, /^a=mid:(.*)/gm) ?? '';
}

/** The section as of somebody who only receives on it. Without a direction it sends and receives: RFC 8866 6.7. */
function withoutMedia(section: string): string {
  if (!/^m=(audio|video) /.test(section)) return section;
  const directions = /^a=(sendrecv|sendonly|recvonly|inactive).*\r\n/gm;
  const receives = /^(sendrecv|recvonly)$/.test(lastOf(section, directions) ?? 'sendrecv');
  return `${section.replace(directions, '')}a=${receives ? 'recvonly' : 'inactive'}\r\n`;
}

function lastOf(section: string, pattern: RegExp): string | undefined {
  return [...section.matchAll(pattern)].at(-1)?.[1];
}

function opusLine(section: string): string | undefined {
  const type = OPUS.exec(section)?.[1];
  return type === undefined ? undefined : new RegExp(`^a=fmtp:${type} .*$`, 'm').exec(section)?.[0].trimEnd();
}

function withAudio(section: string, wanted: OpusParameters): string {
  const sent = withOpus(section, wanted);
  // Of RED and Opus the engine sends the first, and Opus in it: https://www.rfc-editor.org/rfc/rfc2198
  return wanted.redundancy === true ? withCodecFirst(sent, 'red') : sent;
}

function withOpus(section: string, wanted: OpusParameters): string {
  const line = opusLine(section);
  const [head = '', values = ''] = line?.split(/ (.*)/) ?? [];
  const kept = values
    .split(';')
    .filter((value) => !/^(|(stereo|sprop-stereo|maxaveragebitrate)=.*)$/.test(value.trim()));
  if (wanted.stereo) kept.push('stereo=1');
  if (wanted.spropStereo) kept.push('sprop-stereo=1');
  if (wanted.maxAverageBitrate !== undefined) kept.push(`maxaveragebitrate=${wanted.maxAverageBitrate}`);
  // As a function: a stranger's `$` followed by a backtick would stand for the whole section before it.
  if (line !== undefined) return section.replace(line, () => `${head} ${kept.join(';')}`);
  if (kept.length === 0) return section;
  // Some servers write no parameters when all of theirs are the defaults.
  return section.replace(OPUS, (map, type) => `${map}\r\na=fmtp:${type} ${kept.join(';')}`);
}

function withVideo(section: string, { codec, maxBitrate, startBitrate }: VideoParameters): string {
  const ordered = codec === undefined ? section : withCodecFirst(section, codec);
  const first = startBitrate === undefined ? ordered : withStartBitrate(ordered, startBitrate);
  const kept = first.replace(/^b=(AS|TIAS):.*\r\n/gm, '');
  if (maxBitrate === undefined) return kept;
  // RFC 8866 5.8: kilobits per second, after the connection line.
  return kept.replace(/^c=.*\r\n/m, (line) => `${line}b=AS:${Math.max(1, Math.round(maxBitrate / 1000))}\r\n`);
}

function withCodecFirst(section: string, codec: VideoCodec | 'red'): string {
  const types = [...section.matchAll(new RegExp(`^a=rtpmap:(\\d{1,3}) ${codec}/`, 'gim'))].map(([, type]) => type!);
  if (types.length === 0) return section;
  return section.replace(/^(m=\w+ \d+ \S+) (.*)$/m, (_, head: string, list: string) => {
    const others = list
      .trim()
      .split(' ')
      .filter((type) => !types.includes(type));
    return `${head} ${[...types, ...others].join(' ')}`;
  });
}

/** A parameter of libwebrtc's own, in kilobits per second; the engine reads it from the codec that is sent. */
function withStartBitrate(section: string, bitrate: number): string {
  const parameter = `x-google-start-bitrate=${Math.max(1, Math.round(bitrate / 1000))}`;
  const former = /;?x-google-start-bitrate=\d+/g;
  return section.replace(
    /^a=rtpmap:(\d{1,3}) (?:VP8|VP9|AV1)\/.*$(?:\r\na=(?!rtpmap|fmtp).*$)*(?:\r\na=fmtp:\1 (.*)$)?/gim,
    (whole, type, given) => {
      const values = String(given ?? '')
        .replace(former, '')
        .trim();
      const lines = given === undefined ? whole.trimEnd() : whole.slice(0, whole.lastIndexOf('\r\na=fmtp:'));
      return `${lines}\r\na=fmtp:${type} ${values === '' ? parameter : `${values};${parameter}`}`;
    },
  );
}

function firstCodec(section: string): string | undefined {
  const type = /^m=\w+ \d+ \S+ (\d{1,3})\b/.exec(section)?.[1];
  return new RegExp(`^a=rtpmap:${type} ([^/]+)/`, 'm').exec(section)?.[1];
}

function inStream(section: string, stream: string | undefined): string {
  if (stream === undefined) return section;
  return section.replace(/^(a=msid:|a=ssrc:\d+ msid:)\S+/gm, (_, head: string) => `${head}${stream}`);
}
