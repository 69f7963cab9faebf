import * as v from 'valibot';
import { candidate, description, id, qualities } from './fields.ts';

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
export type PeerBody = v.InferOutput<typeof peerBody>;
