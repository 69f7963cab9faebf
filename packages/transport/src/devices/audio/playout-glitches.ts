import type { AudioFormat, GlitchCounts } from '@sluice/core';
import type { HostAudioProgress } from '../../host/media-host.ts';

/** Who writes nothing for longer after a death had nothing more to say, in milliseconds. */
const SAME_UTTERANCE_MS = 1_000;

/**
 * What was wrong with the sound of a device at the edge where it enters the engine: it ran dry in the middle of an utterance,
 * the engine's thread stood still, or the engine died. Silence that nobody meant otherwise is nothing wrong: while idle, after
 * a `flush` or a `clear`, while paused.
 */
export class PlayoutGlitches {
  /** Since when an engine that died in the middle of something is not replaced, in milliseconds of the clock. */
  #awaySince: number | undefined;
  #goesOn = false;
  #deaths = 0;
  #awayMs = 0;

  /** The engine died. `queued`: what was written to it was not over. */
  died(queued: boolean, now: number): void {
    if (queued) this.#awaySince ??= now;
  }

  get away(): boolean {
    return this.#awaySince !== undefined;
  }

  /** Something was written while it is away. */
  wrote(now: number): void {
    if (this.#awaySince === undefined || this.#goesOn) return;
    this.#goesOn = now - this.#awaySince <= SAME_UTTERANCE_MS;
    if (!this.#goesOn) this.#awaySince = undefined;
  }

  /** Something left for an engine. */
  played(now: number): void {
    if (this.#awaySince === undefined) return;
    this.#deaths++;
    this.#awayMs += now - this.#awaySince;
    this.#awaySince = undefined;
    this.#goesOn = false;
  }

  counts({ played, underruns, stalls, missing }: HostAudioProgress, { sampleRate }: AudioFormat): GlitchCounts {
    const ms = (samples: number) => (samples * 1000) / sampleRate;
    const gapMs = ms(missing) + this.#awayMs;
    return { gaps: underruns + stalls + this.#deaths, gapMs, concealedMs: 0, playedMs: ms(played) + gapMs };
  }
}
