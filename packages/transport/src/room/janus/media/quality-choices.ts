import type { Clock } from '@sluice/core';
import type { VideoQuality } from '@sluice/protocol';
import type { TrackSource } from '../members/roster.ts';
import { substreamOf } from './layered-settings.ts';

/**
 * Another quality begins with a key frame, and engines send none right behind another (libwebrtc: 300 ms), nor does the server ask
 * again: so each is asked for as often as this, so many milliseconds apart.
 */
const TIMES = 3;
export const CHOICE_MS = 1_000;

/** A line of pictures, and the best quality that is wanted of it. */
export interface WantedQuality {
  readonly mid: string;
  readonly source: TrackSource;
  readonly quality: VideoQuality;
}

/** Which of the encodings of each track is asked for, and when; the best of those of whom nothing was. */
export class QualityChoices {
  readonly #clock: Clock;
  readonly #made = new Map<
    string,
    TrackSource & { readonly substream: number; readonly left: number; readonly at: number }
  >();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is to be asked now; it counts as asked. */
  take(lines: readonly WantedQuality[]): { readonly mid: string; readonly substream: number }[] {
    const at = this.#clock.now();
    return lines.flatMap(({ mid, source, quality }) => {
      const substream = substreamOf(quality);
      const known = this.#made.get(mid);
      const before = known?.feed === source.feed && known.mid === source.mid ? known : undefined;
      const isNew = substream !== (before?.substream ?? substreamOf('high'));
      if (!isNew && (before === undefined || before.left === 0 || at < before.at + CHOICE_MS)) return [];
      const left = (isNew ? TIMES : before!.left) - 1;
      this.#made.set(mid, { feed: source.feed, mid: source.mid, substream, left, at });
      return [{ mid, substream }];
    });
  }

  clear(): void {
    this.#made.clear();
  }
}
