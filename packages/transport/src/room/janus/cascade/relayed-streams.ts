import * as v from 'valibot';
import type { PluginEvent } from '../wire/janus-handle.ts';

const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

const published = v.object({
  mindex: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  type: v.picklist(['audio', 'video', 'data']),
  codec: v.exactOptional(v.string()),
  description: v.exactOptional(v.string()),
  disabled: v.exactOptional(v.boolean()),
  stereo: v.exactOptional(v.boolean()),
  fec: v.exactOptional(v.boolean()),
  dtx: v.exactOptional(v.boolean()),
  h264_profile: v.exactOptional(v.string()),
  vp9_profile: v.exactOptional(v.string()),
  simulcast: v.exactOptional(v.boolean()),
});

/** An m-line of ours as another server is told of it. */
export interface RelayedStream extends v.InferOutput<typeof published> {
  /** There it is named for its place. */
  readonly mid: string;
  /** Id of the header extension with the level of a voice. */
  readonly audiolevel_ext_id?: number;
}

/** What a server says that we publish to it, in the order of the m-lines: another server takes their places for their numbers. */
export function relayedStreams({ data, jsep }: PluginEvent): RelayedStream[] {
  const result = v.safeParse(v.array(published), data.streams);
  if (!result.success) return [];
  const sections = jsep?.sdp.split(/^(?=m=)/m).slice(1) ?? [];
  return result.output
    .toSorted((a, b) => a.mindex - b.mindex)
    .map((stream) => {
      const level = new RegExp(`^a=extmap:(\\d+)\\S* ${AUDIO_LEVEL}`, 'm').exec(sections[stream.mindex] ?? '')?.[1];
      return {
        // Of what is off a server tells no codec, and takes none without.
        ...(stream.type !== 'data' && { codec: stream.type === 'audio' ? 'opus' : 'vp8' }),
        ...stream,
        mid: String(stream.mindex),
        ...(level !== undefined && { audiolevel_ext_id: Number(level) }),
      };
    });
}

/** Whether these are those with more behind them: a server cannot make a line of another kind of one that it has. */
export function grownFrom(before: readonly RelayedStream[], now: readonly RelayedStream[]): boolean {
  return before.every(({ type, codec }, n) => {
    const line = now[n];
    return line?.type === type && (line.disabled === true || line.codec === codec);
  });
}
