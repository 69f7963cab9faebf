import type { AudioFrame } from '../media/audio-frame.ts';
import type { Micros } from '../time/units.ts';
import type { Accepts, VoiceModel, VoiceSession } from './model.ts';

/**
 * What a detector tells: `speech` and `silence` in turns, beginning with `speech`. Pieces of any size give the same
 * result. Timestamps are those of the frames that were written; after a hole the detector starts anew.
 */
export interface VoiceDetectorEvent {
  readonly type: 'speech' | 'silence';
  /** Where it judges that the state began: the first voiced sample, or the first after the last voiced one. */
  readonly at: Micros;
  /** Behind the last sample that it needed to know: how late it tells is the difference. */
  readonly toldAt: Micros;
}

/** Tells of sound when somebody begins and ceases to speak, and how late it knows. */
export interface VoiceDetector<Settings = unknown>
  extends VoiceModel<'voice-detector', AudioFrame, VoiceDetectorEvent, Settings> {
  readonly accepts: Accepts;
  /** How late it tells, in milliseconds of media, as measured on speech; strategies and figures take it into account. */
  readonly latencyMs: { readonly speech: number; readonly silence: number };
}

export type VoiceDetectorSession<Settings = unknown> = VoiceSession<AudioFrame, VoiceDetectorEvent, Settings>;
