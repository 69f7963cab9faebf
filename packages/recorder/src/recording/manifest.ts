import type { RecordingLayout, RecordingSettings } from '@sluice/protocol';
import type { LineGap } from '../timeline/track-line.ts';

/** What `recording.json` says. Counts of samples are per channel; sample 0 was heard at `startedAt`. */
export interface RecordingManifest {
  readonly format: 'sluice-recording/1';
  /** As events of the recording have it. */
  readonly recordingId: string;
  /** Tells apart what runs in one room at a time. */
  readonly streamId: string;
  /** The name of the room, without its server. */
  readonly room: string;
  /** Id of the participant who started it; null: the room itself. */
  readonly startedBy: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601. */
  readonly endedAt: string;
  /** What was asked for. */
  readonly settings: RecordingSettings;
  /** Each layout with the sample from which on it was in force. */
  readonly layouts: readonly { readonly layout: RecordingLayout; readonly at: number }[];
  /** Hz, of every sound file. */
  readonly sampleRate: number;
  /** Of every sound file. */
  readonly channels: number;
  /** Length of every sound file. */
  readonly samples: number;
  /** Name of the file with everybody. */
  readonly mix: string;
  /** Null: no pictures were recorded. */
  readonly video: VideoEntry | null;
  /** Everybody who was there, also who sent nothing. */
  readonly participants: readonly ParticipantEntry[];
  /** Tracks that found no file because there were too many. */
  readonly unrecordedTracks: number;
  /** Frames that were lost because the disk was too slow; silence stands for them. */
  readonly overflowedFrames: number;
  /** Why it ended before it was told to. */
  readonly error?: { readonly code?: string; readonly message: string };
}

/** A video in the manifest of a recording. */
export interface VideoEntry {
  /** Its name in the folder of the recording. */
  readonly file: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Pictures per second. */
  readonly frameRate: number;
}

/** A participant in the manifest of a recording. */
export interface ParticipantEntry {
  /** As in the call. */
  readonly id: string;
  /** The last one it had. */
  readonly userName: string;
  /** As in the call. */
  readonly userId: string;
  /** ISO 8601: when it entered the room. */
  readonly joinedAt: string;
  /** ISO 8601; null: it was still there at the end. */
  readonly leftAt: string | null;
  /** A file for each. */
  readonly tracks: readonly TrackEntry[];
}

/** A track in the manifest of a recording: its file, and where its samples stand. */
export interface TrackEntry {
  /** `microphone`, `screenAudio` or the name of a custom track. */
  readonly source: string;
  /** Its name in the folder of the recording. */
  readonly file: string;
  /** Where its first sample stands; null: nothing was received. */
  readonly firstSample: number | null;
  /** That were received. */
  readonly heardSamples: number;
  /** That found no place on the line. */
  readonly lostSamples: number;
  /** How often it was set right against the line. */
  readonly corrections: number;
  /** Stretches between the first and the last sample in which nothing was received; `gaps` names the first thousand. */
  readonly gapCount: number;
  /** In order, the first thousand. */
  readonly gaps: readonly LineGap[];
}
