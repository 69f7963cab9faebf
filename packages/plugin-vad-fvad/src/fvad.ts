import { defineVoiceModel, type VoiceDetector } from '@sluice/core/voice';
import { FvadSession } from './fvad-session.ts';
import { checkSettings, type FvadSettings, settle } from './fvad-settings.ts';
import { loadFvad } from './load-fvad.ts';
import { accepts } from './refuse-sound.ts';

/** What sessions begin with; what is left out has its default. */
export type FvadOptions = Partial<FvadSettings>;

/**
 * The voice-activity detector of WebRTC (libfvad, as WebAssembly): a statistical one, light and early.
 *
 * Judges blocks of 10 ms of mono at 8, 16, 32 or 48 kHz, counted from the first sample and from each hole (`frame.gap`, or
 * a timestamp more than 1 ms off), whatever the pieces; less than a block at the end is not judged. A hole while
 * somebody speaks tells `silence` first. Tells speech `minSpeechMs` after its first voiced sample and silence
 * `minSilenceMs` behind the last: that is its `latencyMs`, within 10 ms on speech. An epoch changes nothing, since a person
 * goes on while an agent is interrupted. Frames stay the caller's. All sessions share one WebAssembly instance.
 *
 * @example
 * ```ts
 * const session = await fvad({ mode: 2 }).open();
 * session.write(frame);
 * for await (const { type, at } of session) console.log(type, at);
 * ```
 * @throws TypeError, RangeError at once for settings that it does not know or that are out of range
 */
export function fvad(options: FvadOptions = {}): VoiceDetector<FvadSettings> {
  const settings = settle(options);
  return defineVoiceModel({
    kind: 'voice-detector',
    name: 'fvad',
    accepts,
    latencyMs: { speech: settings.minSpeechMs, silence: settings.minSilenceMs },
    settings,
    checkSettings,
    prefetch: async () => void (await loadFvad()),
    start: async (context) => new FvadSession(await context.clock.track(loadFvad()), context),
  });
}
