// What a room does for its participants beside passing media on: recording and transcription.

import * as v from 'valibot';
import { id } from './fields.ts';
import { line, lines } from './text.ts';

/** Longest text of a transcription message in bytes. */
const TRANSCRIPT_BYTES = 4 * 1024;

/** Names a stream of one room: several recordings may run at once under several. */
export const streamId = line(128);

const color = v.pipe(v.string(), v.regex(/^#?[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?$/));
const layout = v.strictObject({
  /** `grid`: everybody. `single-participant`: one. `active-speaker`: who speaks. `audio-only`: no picture. */
  preset: v.picklist(['grid', 'single-participant', 'active-speaker', 'audio-only']),
  session_id: v.exactOptional(id),
});
/** How pictures are arranged in a recording. */
export type RecordingLayout = v.InferOutput<typeof layout>;

/** Schema of {@link RecordingSettings}. */
export const recordingSettings = v.strictObject({
  video: v.exactOptional(
    v.strictObject({
      width: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(4096))),
      height: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(4096))),
      /** Pictures per second. */
      fps: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(60))),
      backgroundColor: v.exactOptional(color),
      /** Bits per second, for an encoder that takes it. */
      bitrate: v.exactOptional(v.pipe(v.number(), v.minValue(1))),
    }),
  ),
  audio: v.exactOptional(v.strictObject({ bitrate: v.exactOptional(v.pipe(v.number(), v.minValue(1))) })),
  /** Seconds. */
  maxDuration: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(24 * 3600))),
  layout: v.exactOptional(layout),
});
/** What is recorded, and how. */
export type RecordingSettings = v.InferOutput<typeof recordingSettings>;

export const recordingStatus = v.strictObject({
  streamId,
  recordingId: id,
  /** Participant id; null: by the room itself. */
  startedBy: v.nullable(id),
  layout: v.exactOptional(layout),
});
/** A recording that runs: its ids, who began it, its layout. */
export type RecordingStatus = v.InferOutput<typeof recordingStatus>;

/** Schema of {@link TranscriptionSettings}. */
export const transcriptionSettings = v.strictObject({
  language: v.exactOptional(line(64)),
  model: v.exactOptional(line(128)),
  tier: v.exactOptional(line(64)),
  profanity_filter: v.exactOptional(v.boolean()),
  redact: v.exactOptional(v.union([v.boolean(), v.pipe(v.array(line(64)), v.maxLength(16))])),
  punctuate: v.exactOptional(v.boolean()),
  endpointing: v.exactOptional(v.union([v.boolean(), v.number()])),
  /** For the recogniser, as it is. */
  extra: v.exactOptional(v.record(v.string(), v.unknown())),
  includeRawResponse: v.exactOptional(v.boolean()),
  /** Whom to transcribe; left out: everybody. */
  participants: v.exactOptional(v.pipe(v.array(id), v.maxLength(64))),
  instanceId: v.exactOptional(id),
});
/** Language and form of a transcript; what a transcriber does not know it refuses. */
export type TranscriptionSettings = v.InferOutput<typeof transcriptionSettings>;

export const transcriptionStatus = v.strictObject({
  instanceId: id,
  transcriptId: id,
  startedBy: v.nullable(id),
  language: v.exactOptional(line(64)),
  model: v.exactOptional(line(128)),
  participants: v.exactOptional(v.array(id)),
});
/** A transcription that runs: its ids, who began it, its settings. */
export type TranscriptionStatus = v.InferOutput<typeof transcriptionStatus>;

export const transcriptionMessage = v.strictObject({
  participantId: id,
  text: lines(TRANSCRIPT_BYTES),
  /** ISO 8601: when the words began. */
  timestamp: v.pipe(v.string(), v.maxLength(40)),
  /** `microphone`, `screenAudio` or the name of a custom track. */
  trackType: line(140),
  /** Whether the words may still change. */
  isFinal: v.boolean(),
  instanceId: v.exactOptional(id),
  rawResponse: v.exactOptional(v.unknown()),
});
/** What somebody said, as a transcript has it. */
export type TranscriptionMessage = v.InferOutput<typeof transcriptionMessage>;
