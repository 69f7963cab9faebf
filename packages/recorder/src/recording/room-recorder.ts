// Recordings of rooms: which tracks, which files, from the entry to the manifest. Sound is placed by the timeline.

import type { RoomRecorder } from '@sluice/transport';
import { type RoomRecorderOptions, recorderConfig } from './recorder-options.ts';
import { Recording } from './recording.ts';

/**
 * Records rooms: `startRoomServer({ recorder: roomRecorder({ folder: 'recordings' }) })`. Each recording enters its room
 * unseen and writes by a graph of its own, into a folder of its own:
 *
 * - a WAV file for each microphone, screen audio and custom audio track. All begin when the recording does and end when it
 *   ends, to the sample; where nothing was received there is silence;
 * - `mix.wav`, all of them, as long, kept within full scale by a limiter;
 * - `video.y4m`, those who can be seen in a grid, or as the layout says (`audio-only`: no such file);
 * - `recording.json`, written last: when it began, who was there, which file is whose, where its first sample stands, gaps.
 *
 * Sound stands where it was heard by the recorder. A WAV file is whole at any moment, but for the last seconds: a process
 * that is killed leaves readable files of different lengths, and no `recording.json`. When a file cannot be written the
 * recording ends with `SLUICE_FILE_WRITE`, and the call goes on. Names of people become file names in letters and digits only.
 * Memory: about 1 MB for each track, and three pictures for each that is shown.
 *
 * Settings: `layout`, `maxDuration`, and of `video` width, height (640 x 360), fps (15), backgroundColor (black) and
 * bitrate, for an encoder. `update` changes layout and duration; the rest is settled at the start.
 *
 * @throws TypeError, RangeError at once for options that do not exist, of the wrong kind or out of range
 */
export function roomRecorder(options: RoomRecorderOptions): RoomRecorder {
  const config = recorderConfig(options);
  return (request) => Recording.start(config, request);
}
