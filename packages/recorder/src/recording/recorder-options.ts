import {
  type Clock,
  checkKeys,
  invalidArgument,
  outOfRange,
  realClock,
  type Sink,
  type VideoFrame,
} from '@sluice/core';
import type { RecordingLayout, RecordingSettings } from '@sluice/protocol';
import { CallClient } from '@sluice/transport';

/** What an encoder has to know of the pictures it gets. */
export interface RecordedVideo {
  /** Where to write, without an extension. */
  readonly path: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Pictures per second. */
  readonly frameRate: number;
  /** Bits per second, where somebody asked for it. */
  readonly bitrate: number | undefined;
}

/** Makes the sink for the pictures of a recording: an encoder. `file` is where it writes to. */
export type VideoEncoder = (video: RecordedVideo) => {
  /** Where it writes to, with its extension. */
  readonly file: string;
  /** Takes the pictures; the recording is complete when it has finished. */
  readonly sink: Sink<VideoFrame, unknown>;
};

/** Where {@link roomRecorder} writes, and in which format. */
export interface RoomRecorderOptions {
  /** Where recordings go, each into `<room>/<time>-<recording>`. Made if it is missing. */
  readonly folder: string;
  /** Default: Y4M, which is not compressed: 5 MB a second of 640x360 at 15/s. */
  readonly video?: VideoEncoder;
  /** Hz of every sound file, 8,000 to 192,000 in whole hundreds. Default 48,000. */
  readonly sampleRate?: number;
  /** 1 or 2, of every sound file. Default 1. */
  readonly channels?: number;
  /** Audio tracks of one recording that get a file; the manifest counts the others. Each costs 1 MB of memory. Default 256. */
  readonly maxTracks?: number;
  /** Makes the client that enters a room. Default: one with the devices of `Daily`, which must be initialised. */
  readonly client?: () => CallClient;
  /** By which recordings are timed. Default: the real one. */
  readonly clock?: Clock;
}

export type RecorderConfig = Required<Omit<RoomRecorderOptions, 'video'>> & Pick<RoomRecorderOptions, 'video'>;

/** The options with their defaults, checked. */
export function recorderConfig(options: RoomRecorderOptions): RecorderConfig {
  checkKeys<RoomRecorderOptions>('roomRecorder', options, {
    folder: true,
    video: true,
    sampleRate: true,
    channels: true,
    maxTracks: true,
    client: true,
    clock: true,
  });
  const { folder, video, sampleRate = 48_000, channels = 1, maxTracks = 256 } = options;
  const { client = () => new CallClient(), clock = realClock } = options;
  if (typeof folder !== 'string' || folder === '') throw invalidArgument('roomRecorder.folder', 'a path', folder);
  if (video !== undefined && typeof video !== 'function')
    throw invalidArgument('roomRecorder.video', 'a function that makes a sink', video);
  checkWhole('roomRecorder.sampleRate', sampleRate, 8_000, 192_000, 100);
  checkWhole('roomRecorder.channels', channels, 1, 2);
  checkWhole('roomRecorder.maxTracks', maxTracks, 1, 10_000);
  return { folder, sampleRate, channels, maxTracks, client, clock, ...(video !== undefined && { video }) };
}

/** The layout that settings ask for. */
export function layoutOf({ layout = { preset: 'grid' } }: RecordingSettings): RecordingLayout {
  if (layout.preset === 'single-participant' && layout.session_id === undefined)
    throw invalidArgument('layout.session_id', 'the id of the participant to record', layout.session_id);
  return layout;
}

function checkWhole(name: string, value: unknown, min: number, max: number, step = 1): void {
  if (typeof value !== 'number') throw invalidArgument(name, 'a number', value);
  if (!(value >= min && value <= max) || value % step !== 0)
    throw outOfRange(name, `${min} to ${max}${step === 1 ? '' : `, a multiple of ${step}`}`, value);
}
