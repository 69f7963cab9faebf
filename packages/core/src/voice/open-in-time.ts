import { realClock } from '../time/real-clock.ts';
import { trackTimed } from '../time/timed-work.ts';
import type { OpenOptions, VoiceKind, VoiceModel, VoiceSession } from './model.ts';
import { voiceError } from './voice-error.ts';

/** How long a model may take to open, in milliseconds: a large one that nobody loaded before takes some seconds. */
export const OPEN_MS = 30_000;

/** Models made of models: each of those has the time for itself. */
const combined = new WeakSet<object>();

/** Leaves it to a model itself to bound the opening of those that it is made of. */
export function bindsItself<M extends object>(model: M): M {
  combined.add(model);
  return model;
}

/**
 * Opens a model, and gives it up when it has not opened within 30 s: it is aborted, and what it opens all the same is
 * closed. Models made by `fallback` and `swappable` do so for each of theirs. The opening is
 * tracked by the clock, but for the time that it waits on the clock itself.
 *
 * @throws VoiceError of category `fall-back` for a model that does not open; what `open` throws
 */
export async function openInTime<Item, Event, Settings>(
  model: VoiceModel<VoiceKind, Item, Event, Settings>,
  options: OpenOptions<Settings> = {},
): Promise<VoiceSession<Item, Event, Settings>> {
  const { clock = realClock, signal } = options;
  if (combined.has(model)) return trackTimed(clock, (own) => model.open({ ...options, clock: own }));
  const over = new AbortController();
  // Not a listener on `signal`: it lives as long as a call, and a model that is lost is opened again and again.
  const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const opening = trackTimed(clock, (own) => model.open({ ...options, clock: own, signal: either }));
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.at(clock.now() + OPEN_MS, () => {
      const error = voiceError('it does not open', {
        model: model.name,
        category: 'fall-back',
        expected: `a session within ${OPEN_MS / 1_000} s`,
        fix: 'Load it ahead of time with prefetch(), or let another take over with fallback()',
      });
      over.abort(error);
      opening.then((session) => session.close()).catch(() => {});
      reject(error);
    });
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    cancel();
  }
}
