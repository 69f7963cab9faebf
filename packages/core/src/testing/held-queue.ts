import type { Subscriber } from 'rxjs';
import { closeFrame, type Frame } from '../media/frame.ts';
import type { ActorContext } from '../operators/actor-context.ts';
import type { Cancel } from '../time/clock.ts';

/** Frames that a fault keeps for later, each with its hold and its timer. */
export interface HeldQueue<F> {
  readonly size: number;
  /** Keeps a frame, until `due` on the actor's clock if it is given. */
  push(frame: F, due?: number): void;
  /** Emits everything now, in order. */
  flush(): void;
  /** Completes as soon as nothing is left. */
  complete(): void;
  /** Closes everything. */
  clear(): void;
}

export function heldQueue<F extends Frame>(destination: Subscriber<F>, context: ActorContext): HeldQueue<F> {
  const kept = new Map<F, { readonly release: () => void; readonly cancel: Cancel }>();
  let ended = false;
  const take = (frame: F) => {
    const entry = kept.get(frame);
    kept.delete(frame);
    entry?.cancel();
    return entry?.release;
  };
  // The release comes last: it may bring the next frame at once, which must not overtake this one.
  const emit = (frame: F) => {
    const release = take(frame);
    if (release === undefined) return;
    destination.next(frame);
    release();
    if (ended && kept.size === 0) destination.complete();
  };
  const stopListening = context.onInterrupt(({ epoch, dropped }) => {
    for (const frame of [...kept.keys()]) {
      if ((frame.epoch ?? 0) >= epoch) continue;
      const release = take(frame);
      dropped(frame.duration ?? 0);
      closeFrame(frame);
      release?.();
    }
    if (ended && kept.size === 0) destination.complete();
  });
  return {
    get size() {
      return kept.size;
    },
    push: (frame, due) => {
      const cancel = due === undefined ? () => {} : context.clock.at(due, () => emit(frame));
      kept.set(frame, { release: context.hold(), cancel });
    },
    flush: () => {
      for (const frame of [...kept.keys()]) emit(frame);
    },
    complete: () => {
      ended = true;
      if (kept.size === 0) destination.complete();
    },
    clear: () => {
      stopListening();
      for (const frame of [...kept.keys()]) {
        const release = take(frame);
        closeFrame(frame);
        release?.();
      }
    },
  };
}
