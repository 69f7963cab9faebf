import type { AudioFrame, Graph } from '@sluice/core';
import { wavBytes } from './wav-bytes.ts';

/** A link that gives nothing for longer than what was asked for gets this much more time, in milliseconds. */
const GRACE_MS = 1_000;

/**
 * Records so many seconds of the sound that passes a link from now on, gaps left out, in the format of its first frame.
 * Ends earlier with the graph or the signal, when the link has been still for too long, and where the format changes. Resolves with undefined if no sound came.
 *
 * @throws `SLUICE_LINK_INVALID` for a link that is not there
 */
export async function recordLink(
  graph: Graph,
  link: string,
  seconds: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let taken: Int16Array | undefined;
  let filled = 0;
  let format = { sampleRate: 0, channels: 0 };
  let done = () => {};
  const full = new Promise<void>((resolve) => {
    done = resolve;
  });
  const cancel = graph.tap(link, (frame) => {
    if (frame.kind !== 'audio') return;
    const { samples, sampleRate, channels } = frame as AudioFrame;
    if (taken === undefined) {
      format = { sampleRate, channels };
      taken = new Int16Array(Math.ceil(seconds * sampleRate) * channels);
    } else if (sampleRate !== format.sampleRate || channels !== format.channels) return done();
    const part = samples.subarray(0, taken.length - filled);
    taken.set(part, filled);
    filled += part.length;
    if (filled === taken.length) done();
  });
  const timer = setTimeout(done, 1_000 * seconds + GRACE_MS);
  timer.unref();
  signal?.addEventListener('abort', done, { once: true });
  await Promise.race([full, graph.finished.catch(() => {})]);
  clearTimeout(timer);
  cancel();
  return taken && wavBytes(taken.subarray(0, filled), format.sampleRate, format.channels);
}
