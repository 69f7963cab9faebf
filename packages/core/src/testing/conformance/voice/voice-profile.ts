import { AudioFrame } from '../../../media/audio-frame.ts';
import { micros, samplesToMicros } from '../../../time/units.ts';

/** What a model is tried with. */
export interface VoiceProfile {
  /** Of a recogniser, a detector, a speech model that detects turns: mono sound with a stretch of speech and silence around it. */
  readonly sound?: { readonly samples: Int16Array; readonly sampleRate: number };
  /** Of a synthesizer, a language model, a speech model, a turn detector: what it is asked. Default: two short sentences. */
  readonly texts?: readonly string[];
  /** What `open` is given as `secrets`, for a model that needs a key. Default: none. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** The sound of a profile in frames of so many milliseconds. */
export function pieces({ sound }: VoiceProfile, ms: number): AudioFrame[] {
  if (sound === undefined) throw new TypeError('give conform the sound that it hears by profile.sound');
  const { samples, sampleRate } = sound;
  const length = Math.min(samples.length, Math.max(1, Math.round((ms * sampleRate) / 1_000)));
  const frames: AudioFrame[] = [];
  for (let at = 0; at < samples.length; at += length) {
    const part = samples.slice(at, at + length);
    frames.push(new AudioFrame({ samples: part, sampleRate, channels: 1, timestamp: samplesToMicros(at, sampleRate) }));
  }
  return frames;
}

/** In microseconds. */
export function durationOf({ sound }: VoiceProfile): number {
  return sound === undefined ? micros(0) : samplesToMicros(sound.samples.length, sound.sampleRate);
}
