import type {
  RecordingSettings,
  RecordingStatus,
  TranscriptionMessage,
  TranscriptionSettings,
  TranscriptionStatus,
} from '@sluice/protocol';

/** How a service of the room enters it: unseen, and heard by nobody. */
export interface ServiceEntry {
  /** The meeting URL. */
  readonly url: string;
  /** For `join(url, { token })`; good for this room and this service alone. */
  readonly token: string;
  /** Its name, as in `roomUrl(name)`. */
  readonly room: string;
}

/** What a recorder is given to begin with. */
export interface RecordingRequest {
  /** The way in, for the recorder alone. */
  readonly entry: ServiceEntry;
  /** What everybody in the room is told of it. */
  readonly status: RecordingStatus;
  /** What was asked for, as far as the room allows it. */
  readonly settings: RecordingSettings;
}

/** A service that runs. */
interface Running<Settings> {
  update(settings: Settings): Promise<void>;
  /** Resolves when everything is written. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves when it ended, however that came about; rejects if it failed. */
  readonly ended: Promise<void>;
}

/** A recording under way, as a recorder hands it to the server. */
export type RunningRecording = Running<RecordingSettings>;

/** Records a room. Resolves when the recording runs; what it rejects with is told to who asked. */
export type RoomRecorder = (request: RecordingRequest) => Promise<RunningRecording>;

/** What a transcriber is given to begin with. */
export interface TranscriptionRequest {
  /** The way in, for the transcriber alone. */
  readonly entry: ServiceEntry;
  /** What everybody in the room is told of it. */
  readonly status: TranscriptionStatus;
  /** What was asked for: language, model, whom to hear. */
  readonly settings: TranscriptionSettings;
  /** Tells everybody in the room what somebody said. */
  readonly tell: (message: TranscriptionMessage) => void;
}

/** A transcription under way, as a transcriber hands it to the server. */
export type RunningTranscription = Running<TranscriptionSettings>;

/** Transcribes a room. Resolves when it listens; what it rejects with is told to who asked. */
export type RoomTranscriber = (request: TranscriptionRequest) => Promise<RunningTranscription>;
