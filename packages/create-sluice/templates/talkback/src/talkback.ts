import type { AudioFrame, Flow, Sink } from '@sluice/core';
import { delay, gain } from '@sluice/nodes';

/** Gives back what it hears, a second later and a little softer. */
export function talkback(hears: Flow<AudioFrame>, speaks: Sink<AudioFrame, unknown>): void {
  hears.pipe(delay({ ms: 1_000, by: 'clock' }), gain({ db: -3 })).to(speaks);
}
