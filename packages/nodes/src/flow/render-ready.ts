import type { ActorContext, Cancel } from '@sluice/core';

/** How long is rendered without a break when the inputs set the pace, in milliseconds. */
const SLICE_MS = 3;
/** The same in rounds, on a clock whose order of events is to be repeatable. */
const SLICE_ROUNDS = 32;

/**
 * Renders as long as there is something to render and room for it, at most a slice of time. Returns what cancels the wait
 * for `resume`; undefined if there is nothing to wait for.
 */
export function renderReady(
  context: ActorContext,
  isReady: () => boolean,
  render: () => void,
  resume: () => void,
): Cancel | undefined {
  // Real time on purpose: the slice protects the event loop, also while a virtual clock stands still.
  const sliceEnd = performance.now() + SLICE_MS;
  const { repeatable = false } = context.clock;
  for (let rounds = 1; isReady(); rounds++) {
    if (!context.hasRoom) return context.whenRoom(resume);
    render();
    if (repeatable ? rounds < SLICE_ROUNDS : performance.now() <= sliceEnd) continue;
    context.clock.track(new Promise<void>((resolve) => setImmediate(resolve))).then(resume, resume);
    return () => {};
  }
  return undefined;
}
