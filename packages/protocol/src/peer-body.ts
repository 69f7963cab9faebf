import * as v from 'valibot';
import { candidate, description, id, qualities } from './fields.ts';
import { limits } from './limits.ts';
import { sdpFault } from './sdp-policy.ts';
import { utf8Bytes } from './text.ts';

const trackNames = v.pipe(v.array(v.pipe(v.string(), v.maxLength(140))), v.maxLength(64));

/** What two peers tell each other through the server. `link` pairs the two ends of one peer connection. */
const link = v.strictObject({ from: id, to: v.optional(id) });
export const peerBody = v.variant('kind', [
  /** `exchange` numbers the offers of one side; the answer repeats it. */
  v.strictObject({
    kind: v.literal('description'),
    link,
    exchange: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    description,
  }),
  v.strictObject({ kind: v.literal('candidate'), link, candidate }),
  /**
   * All tracks of the receiver of this message that its sender wants to hear, and those that are to be negotiated so that
   * they can begin at once, without media so far.
   */
  v.strictObject({ kind: v.literal('subscribe'), link, tracks: trackNames, staged: v.exactOptional(trackNames) }),
  /**
   * The best quality that is wanted of tracks of the receiver of this message, by the sender: all of them that are
   * limited, so an empty list takes every limit back. Not said as long as nothing was limited.
   */
  v.strictObject({ kind: v.literal('quality'), link, tracks: qualities }),
  /** The other side makes the offers that restart ICE: please make one. */
  v.strictObject({ kind: v.literal('restart'), link }),
]);
/** What one participant says of the connection to another. */
export type PeerBody = v.InferOutput<typeof peerBody>;

/** What a message needs around a body, in bytes. */
const ENVELOPE_BYTES = 256;

/**
 * What keeps a server from passing this on, undefined if nothing does. Much of what an engine says repeats what the far side
 * said, so that its answer to an odd offer may be one that its own server refuses.
 */
export function bodyFault(body: PeerBody): string | undefined {
  const bytes = utf8Bytes(JSON.stringify(body)) + ENVELOPE_BYTES;
  if (bytes > limits.messageBytes) return `${bytes} bytes`;
  const fault = body.kind === 'description' ? sdpFault(body.description.sdp) : undefined;
  if (fault !== undefined) return fault;
  const issue = v.safeParse(peerBody, body, { abortEarly: true }).issues?.[0];
  return issue && `${v.getDotPath(issue) ?? 'its top'}: ${issue.message}`.slice(0, 200);
}
