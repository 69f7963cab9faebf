import type { Overlap } from './speaker.ts';

/** How long what was said is remembered, in milliseconds: longer than any turn lasts. */
const MEMORY_MS = 120_000;

interface Stretch {
  readonly id: string;
  readonly startMs: number;
  endMs: number;
}

/** Who speaks, and over whom: the later of two voices speaks over the earlier. All times are on the clock, in milliseconds. */
export class Floor {
  #stretches: Stretch[] = [];

  /** A voice begins. */
  begin(id: string, atMs: number): void {
    if (this.#current(id) !== undefined) return;
    this.#stretches = this.#stretches.filter(({ endMs }) => atMs - endMs < MEMORY_MS);
    this.#stretches.push({ id, startMs: atMs, endMs: Number.POSITIVE_INFINITY });
  }

  /** It ends; which may be known later than it was. */
  end(id: string, atMs: number): void {
    const stretch = this.#current(id);
    if (stretch !== undefined) stretch.endMs = Math.max(stretch.startMs, atMs);
  }

  /** Who spoke when this voice began, and still does. */
  under(id: string): string[] {
    const own = this.#current(id);
    if (own === undefined) return [];
    const earlier = this.#stretches.filter(({ startMs, endMs }) => startMs < own.startMs && endMs === Infinity);
    return [...new Set(earlier.map((stretch) => stretch.id))];
  }

  /** Over whom a voice spoke between two moments, and for how long. */
  overlaps(id: string, fromMs: number, toMs: number): Overlap[] {
    const sums = new Map<string, number>();
    const own = this.#stretches.filter((one) => one.id === id && one.startMs <= toMs && one.endMs >= fromMs);
    for (const { startMs, endMs } of own)
      for (const other of this.#stretches) {
        if (other.id === id || other.startMs >= startMs) continue;
        const ms = Math.min(endMs, other.endMs, toMs) - startMs;
        if (ms > 0) sums.set(other.id, (sums.get(other.id) ?? 0) + ms);
      }
    return [...sums].map(([speaker, ms]) => ({ speaker, ms: Math.round(ms) })).filter(({ ms }) => ms > 0);
  }

  #current(id: string): Stretch | undefined {
    return this.#stretches.find((one) => one.id === id && one.endMs === Number.POSITIVE_INFINITY);
  }
}
