import * as v from 'valibot';
import { limits } from './limits.ts';
import { permissions } from './permissions.ts';
import { sdpFault } from './sdp-policy.ts';
import { json, line } from './text.ts';
import { videoQualities } from './video-quality.ts';

/** Ids are 128 random bits, written as a UUID. */
export const id = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
/** 256 random bits in base64url. */
export const resumeSecret = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
export const token = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.tokenBytes), v.regex(/^[\x21-\x7e]+$/));
export const userName = line(limits.userNameBytes);
/** A job of a fleet, as its bots name it. */
export const jobName = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
export const userData = json(limits.userDataBytes);

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
export const tracks = v.pipe(v.array(track), v.maxLength(limits.tracks));

export const participant = v.strictObject({
  id,
  userName,
  userId: line(limits.userIdBytes),
  isOwner: v.boolean(),
  /** ISO 8601. */
  joinedAt: v.pipe(v.string(), v.maxLength(40)),
  tracks,
  /** Who has no presence is told to clients all the same, without a name, since media needs a connection. */
  permissions,
  /** Inputs that somebody else turned off, until they are on again: `microphone`, `camera`, `screenVideo`, ... */
  mutedRemotely: v.pipe(v.array(trackName), v.maxLength(limits.tracks)),
  userData: v.exactOptional(userData),
});

export const description = v.strictObject({
  type: v.picklist(['offer', 'answer']),
  sdp: v.pipe(
    v.string(),
    v.check((sdp) => sdpFault(sdp) === undefined, 'a session description that may be passed on'),
  ),
  tracks: v.pipe(
    v.array(v.strictObject({ mid: v.pipe(v.string(), v.maxLength(32)), name: trackName })),
    v.maxLength(limits.mediaSections),
  ),
});

export const candidate = v.strictObject({
  candidate: v.pipe(v.string(), v.maxLength(limits.candidateLength)),
  sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(32))),
  sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64))),
  usernameFragment: v.exactOptional(v.nullable(v.pipe(v.string(), v.maxLength(256)))),
});

/** Limits below `high`. */
export const qualities = v.pipe(
  v.array(v.strictObject({ name: videoTrackName, maxQuality: v.picklist(videoQualities) })),
  v.maxLength(limits.tracks),
);

/** dBFS by participant id, at most 64 of them. */
export const levels = v.pipe(
  v.array(v.strictObject({ id, dbfs: v.pipe(v.number(), v.minValue(-127), v.maxValue(0)) })),
  v.maxLength(64),
);
