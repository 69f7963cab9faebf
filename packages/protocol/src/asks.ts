// What a participant asks of a room and gets an answer to.

import * as v from 'valibot';
import { id } from './fields.ts';
import { limits } from './limits.ts';
import { permissionsUpdate } from './permissions.ts';
import { recordingSettings, streamId, transcriptionSettings } from './services.ts';
import { json, line, lines } from './text.ts';

export const inputsUpdate = v.strictObject({
  microphone: v.exactOptional(v.boolean()),
  camera: v.exactOptional(v.boolean()),
  screenShare: v.exactOptional(v.boolean()),
});
/** `false` turns an input of somebody else off; `true` asks to turn one on again. */
export type InputsUpdate = v.InferOutput<typeof inputsUpdate>;

/** Schema of {@link RemoteParticipantUpdate}. */
export const remoteParticipantUpdate = v.strictObject({
  permissions: v.exactOptional(permissionsUpdate),
  inputsEnabled: v.exactOptional(inputsUpdate),
});
/** What may be changed of another participant. */
export type RemoteParticipantUpdate = v.InferOutput<typeof remoteParticipantUpdate>;

const ids = v.pipe(v.array(id), v.minLength(1), v.maxLength(limits.participants));

export const ask = v.variant('ask', [
  /** To one participant, or to all others. */
  v.strictObject({ ask: v.literal('app-message'), to: v.exactOptional(id), data: json(limits.appMessageBytes) }),
  v.strictObject({
    ask: v.literal('chat'),
    text: v.pipe(lines(limits.appMessageBytes), v.minLength(1)),
    /** Shown in place of the participant's own name. */
    userName: v.exactOptional(line(limits.userNameBytes)),
  }),
  v.strictObject({
    ask: v.literal('update-participants'),
    updates: v.pipe(
      v.record(id, remoteParticipantUpdate),
      v.check((updates) => Object.keys(updates).length <= limits.participants, 'at most 64 participants'),
    ),
  }),
  v.strictObject({ ask: v.literal('eject'), ids }),
  /** One's own permissions; nobody gets more than they may give to others. */
  v.strictObject({ ask: v.literal('update-permissions'), permissions: permissionsUpdate }),
  /** A bot that stands by begins: the one of its job before it goes. */
  v.strictObject({ ask: v.literal('take-place') }),
  /** Lets those who wait in, or turns them away. */
  v.strictObject({ ask: v.literal('admit'), ids, admit: v.boolean() }),
  /** Several recordings run at once under several stream ids; the room makes one up if none is given. */
  v.strictObject({
    ask: v.literal('start-recording'),
    settings: v.exactOptional(recordingSettings),
    streamId: v.exactOptional(streamId),
    /** Begins another one where one runs under this id. */
    forceNew: v.exactOptional(v.boolean()),
  }),
  /** Without a stream id: the only one, or all. */
  v.strictObject({ ask: v.literal('stop-recording'), streamId: v.exactOptional(streamId) }),
  v.strictObject({
    ask: v.literal('update-recording'),
    streamId: v.exactOptional(streamId),
    settings: recordingSettings,
  }),
  v.strictObject({ ask: v.literal('start-transcription'), settings: v.exactOptional(transcriptionSettings) }),
  v.strictObject({ ask: v.literal('stop-transcription'), instanceId: v.exactOptional(id) }),
  v.strictObject({
    ask: v.literal('update-transcription'),
    /** null: everybody. */
    participants: v.nullable(v.pipe(v.array(id), v.maxLength(limits.participants))),
    instanceId: v.exactOptional(id),
  }),
  /** Digits for one participant, or for all others; told one by one, as long apart as a digit lasts. */
  v.strictObject({
    ask: v.literal('dtmf'),
    to: v.exactOptional(id),
    tones: v.pipe(v.string(), v.regex(/^[0-9A-Da-d*#,w]{1,64}$/)),
    /** Milliseconds. */
    digitDurationMs: v.pipe(v.number(), v.integer(), v.minValue(40), v.maxValue(6_000)),
  }),
]);
/** What a participant asks of the server that not everybody may. */
export type Ask = v.InferOutput<typeof ask>;

/** Why a room does not do what it was asked for. */
export const denials = [
  /** The permission for it is missing. */
  'not-allowed',
  'unknown-participant',
  /** This room, or this server, cannot do it. */
  'unavailable',
  /** More of it than `limits` allow. */
  'rate',
  /** It runs already, or it does not run. */
  'state',
  /** It was tried and failed. */
  'failed',
] as const;
/** Why something that was asked for is not done. */
export type Denial = (typeof denials)[number];

/** What comes back where there is more to say than yes. */
export const grant = v.strictObject({ streamId: v.exactOptional(streamId), instanceId: v.exactOptional(id) });
/** What a server answers to what was asked for. */
export type Grant = v.InferOutput<typeof grant>;
