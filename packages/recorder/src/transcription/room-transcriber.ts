// Transcripts of rooms: who is listened to, by which recogniser, and what is told. Knows no recogniser by name.

import type { RoomTranscriber } from '@sluice/transport';
import { type RoomTranscriberOptions, transcriberConfig } from './transcriber-options.ts';
import { Transcription } from './transcription.ts';

/**
 * Transcribes rooms: `startRoomServer({ transcriber: roomTranscriber({ recognizer }) })`. Each transcription enters its room
 * unseen and hears everybody, or those whom the settings name, each by a session of the recogniser and a graph of their own.
 * What is said is told as it is understood: `isFinal: false`, each in place of the one before, then one `isFinal: true`,
 * with the time at which the words were heard to begin. Nothing is told of what was not understood.
 *
 * A recogniser that dies ends the words of one track, until the next transcription; when none is left, the transcription
 * ends with `SLUICE_NODE_FAILED`. `update` changes whom it listens to, whether raw responses are told, and what is handed to
 * the recogniser (`settings`).
 *
 * @example
 * ```ts
 * const recognizer = soundswallower({ sentences: ['hello', 'goodbye'] });
 * await startRoomServer({ transcriber: roomTranscriber({ recognizer, detector: fvad() }) });
 * ```
 * @throws TypeError at once for options that do not exist or are of the wrong kind
 */
export function roomTranscriber<Settings>(options: RoomTranscriberOptions<Settings>): RoomTranscriber {
  const config = transcriberConfig(options);
  return (request) => Transcription.start(config, request);
}
