// Recording

export type { ParticipantEntry, RecordingManifest, TrackEntry, VideoEntry } from './recording/manifest.ts';
export type { RecordedVideo, RoomRecorderOptions, VideoEncoder } from './recording/recorder-options.ts';
export { roomRecorder } from './recording/room-recorder.ts';
export type { LineGap } from './timeline/track-line.ts';

// Transcription

export { roomTranscriber } from './transcription/room-transcriber.ts';
export type { RoomTranscriberOptions } from './transcription/transcriber-options.ts';
