// Silero as a model: options, the model file, sessions, and windows that become speech and silence.

import { checkKeys, invalidArgument } from '@sluice/core';
import { defineVoiceModel, type VoiceDetector } from '@sluice/core/voice';
import { findModel } from './find-model.ts';
import { takeProcess, warmProcess } from './host/shared-process.ts';
import { accepts } from './refuse-sound.ts';
import { SileroSession } from './silero-session.ts';
import { checkSettings, defaultSettings, type SileroSettings } from './silero-settings.ts';

/** What sessions begin with; what is left out has its default. */
export interface SileroOptions extends Partial<SileroSettings> {
  /** Path of the ONNX file of Silero VAD, from the working directory. Default: that of an installed package. */
  readonly model?: string;
}

/** How long Silero takes to be sure of a voice, and of its end, beside what the settings ask for: medians, in milliseconds. */
const ownDelayMs = { speech: 56, silence: 146 } as const;

/**
 * Silero VAD v6, a recurrent network, run by sherpa-onnx in a process of its own: it knows voices from noise, hum and tones.
 *
 * Judges windows of 32 ms of mono at 16 kHz, counted from the first sample and from each hole (`frame.gap`, or a timestamp
 * more than 1 ms off), whatever the pieces; less than a window at the end is not judged. A hole while somebody
 * speaks tells `silence` first. Its `latencyMs` is what the settings ask for and 56 ms for a voice, 146 ms for its end, medians
 * on speech. An epoch changes nothing, since a person goes on while an agent is interrupted. Frames stay the caller's; more than two
 * seconds of sound that was not judged yet make `write` return a promise.
 *
 * All sessions with one model file share a process, which the last one ends. A file that sherpa does not know, or a platform
 * without its native package, is a `VoiceError` of `open` and `prefetch` with what to do; a process that is lost one of its
 * sessions (`retry`).
 *
 * @example
 * ```ts
 * const session = await silero({ threshold: 0.5 }).open();
 * session.write(frame);
 * for await (const { type, at } of session) console.log(type, at);
 * ```
 * @throws TypeError, RangeError at once for options that it does not know or that are out of range
 */
export function silero(options: SileroOptions = {}): VoiceDetector<SileroSettings> {
  const keys = { model: true, threshold: true, minSpeechMs: true, minSilenceMs: true } as const;
  checkKeys<SileroOptions>('silero', options, keys);
  const { model, ...given } = options;
  if (model !== undefined && typeof model !== 'string') throw invalidArgument('silero.model', 'a path', model);
  const settings = { ...defaultSettings, ...given };
  checkSettings(settings);
  return defineVoiceModel({
    kind: 'voice-detector',
    name: 'silero',
    accepts,
    latencyMs: {
      speech: settings.minSpeechMs + ownDelayMs.speech,
      silence: settings.minSilenceMs + ownDelayMs.silence,
    },
    settings,
    checkSettings,
    prefetch: () => warmProcess(findModel(model)),
    start: async (context) => {
      const path = findModel(model);
      return new SileroSession(await context.clock.track(takeProcess(path)), path, context);
    },
  });
}
