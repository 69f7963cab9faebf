import * as v from 'valibot';
import { MAX_CANDIDATE_LENGTH } from './candidate-policy.ts';
import { sdpFault } from './sdp-policy.ts';
import { videoQualities } from './video-quality.ts';

const boundedText = (bytes: number) =>
  v.pipe(
    v.string(),
    v.maxLength(bytes),
    v.maxBytes(bytes),
    // No control characters, and no lone surrogates: those become U+FFFD on the wire, another text on each side.
    v.regex(/^[^\p{Cc}\p{Cs}]*$/u),
  );

/** Longest user name in bytes of UTF-8. */
export const MAX_USER_NAME_BYTES = 512;
/** Most tracks that one participant may announce. */
export const MAX_TRACKS = 16;

/** Ids are 128 random bits, written as a UUID. */
export const id = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
/** 256 random bits in base64url. */
export const resumeSecret = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
export const token = v.pipe(v.string(), v.minLength(1), v.maxLength(8 * 1024), v.regex(/^[\x21-\x7e]+$/));
export const userName = boundedText(MAX_USER_NAME_BYTES);

const trackName = v.pipe(
  v.string(),
  v.regex(/^(?:microphone|screenAudio|camera|screenVideo|custom(?:Audio|Video)\.[\w .:-]{1,100})$/),
);
const videoTrackName = v.pipe(v.string(), v.regex(/^(?:camera|screenVideo|customVideo\.[\w .:-]{1,100})$/));
export const track = v.strictObject({
  name: trackName,
  /** The input behind it is on. */
  enabled: v.boolean(),
  /** Packets flow all the time while it is enabled, silence included, so their absence means a fault. */
  continuous: v.boolean(),
  /** Its level does not make its sender the active speaker. */
  ignoreLevel: v.boolean(),
});
export const tracks = v.pipe(v.array(track), v.maxLength(MAX_TRACKS));

export const participant = v.strictObject({
  id,
  userName,
  userId: boundedText(128),
  isOwner: v.boolean(),
  /** ISO 8601. */
  joinedAt: v.pipe(v.string(), v.maxLength(40)),
  tracks,
});

export const description = v.strictObject({
  type: v.picklist(['offer', 'answer']),
  sdp: v.pipe(
    v.string(),
    v.check((sdp) => sdpFault(sdp) === undefined, 'a session description that may be passed on'),
  ),
  tracks: v.pipe(
    v.array(v.strictObject({ mid: v.pipe(v.string(), v.maxLength(32)), name: trackName })),
    v.maxLength(32),
  ),
});

export const candidate = v.strictObject({
  candidate: v.pipe(v.string(), v.maxLength(MAX_CANDIDATE_LENGTH)),
  sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(32))),
  sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64))),
  usernameFragment: v.exactOptional(v.nullable(v.pipe(v.string(), v.maxLength(256)))),
});

/** Limits below `high`. */
export const qualities = v.pipe(
  v.array(v.strictObject({ name: videoTrackName, maxQuality: v.picklist(videoQualities) })),
  v.maxLength(MAX_TRACKS),
);

/** dBFS by participant id, at most 64 of them. */
export const levels = v.pipe(
  v.array(v.strictObject({ id, dbfs: v.pipe(v.number(), v.minValue(-127), v.maxValue(0)) })),
  v.maxLength(64),
);
