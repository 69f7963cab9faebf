import { allowsCandidate, type CandidatePolicy } from './candidate-filter.ts';

/** An audio m-line as text, with what negotiation has to know of it. */
export interface AudioSection {
  readonly mid: string;
  /** The far side of this description can receive here. */
  readonly receives: boolean;
  /** Its decoder was set up for two channels. */
  readonly stereo: boolean;
  /** It sends two channels here. */
  readonly sendsStereo: boolean;
}

export interface OpusParameters {
  readonly stereo?: boolean;
  readonly spropStereo?: boolean;
  /** Bits per second. */
  readonly maxAverageBitrate?: number;
}

/** The usable audio m-lines of a description, in order. */
export function audioSections(sdp: string): AudioSection[] {
  return split(sdp)
    .media.filter((section) => section.startsWith('m=audio ') && !section.startsWith('m=audio 0 '))
    .map((section) => ({
      mid: midOf(section),
      receives: /^a=(sendrecv|recvonly)\r?$/m.test(section),
      stereo: /[ ;]stereo=1/.test(opusLine(section) ?? ''),
      sendsStereo: /sprop-stereo=1/.test(opusLine(section) ?? ''),
    }));
}

/**
 * The description with Opus parameters set per media id and with only those candidates that the policy allows. In a
 * remote description the parameters say what our encoder does, in a local one what our decoder expects.
 */
export function rewrite(
  sdp: string,
  policy: CandidatePolicy,
  parameters: (mid: string) => OpusParameters | undefined,
): string {
  const { session, media } = split(sdp);
  const rewritten = media.map((section) => {
    const lines = section
      .split('\r\n')
      .filter((line) => !line.startsWith('a=candidate:') || allowsCandidate(policy, line));
    const kept = lines.join('\r\n');
    const wanted = section.startsWith('m=audio ') ? parameters(midOf(section)) : undefined;
    return wanted === undefined ? kept : withOpus(kept, wanted);
  });
  return session + rewritten.join('');
}

function split(sdp: string): { session: string; media: string[] } {
  const [session = '', ...media] = sdp.replace(/\r?\n/g, '\r\n').split(/(?=^m=)/m);
  return { session, media };
}

function midOf(section: string): string {
  return /^a=mid:(\S+)/m.exec(section)?.[1] ?? '';
}

function opusLine(section: string): string | undefined {
  const type = /^a=rtpmap:(\d+) opus\//im.exec(section)?.[1];
  return type === undefined ? undefined : new RegExp(`^a=fmtp:${type} .*$`, 'm').exec(section)?.[0].trimEnd();
}

function withOpus(section: string, wanted: OpusParameters): string {
  const line = opusLine(section);
  if (line === undefined) return section;
  const [head = '', values = ''] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
  const kept = values.split(';').filter((value) => !/^(stereo|sprop-stereo|maxaveragebitrate)=/.test(value.trim()));
  if (wanted.stereo) kept.push('stereo=1');
  if (wanted.spropStereo) kept.push('sprop-stereo=1');
  if (wanted.maxAverageBitrate !== undefined) kept.push(`maxaveragebitrate=${wanted.maxAverageBitrate}`);
  return section.replace(line, `${head} ${kept.join(';')}`);
}
