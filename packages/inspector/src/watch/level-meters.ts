import type { AudioFrame, Cancel, Frame, Graph } from '@sluice/core';

/** Every how many samples one is looked at: a meter needs no more, and all links are metered at once. */
const STRIDE = 4;
/** What silence is told as. */
const SILENCE_DB = -100;

/** The loudest sample of each link since it was asked last. Costs something only between `follow` and `close`. */
export class LevelMeters {
  readonly #peaks = new Map<string, number>();
  #cancels: Cancel[] = [];

  /** Looks at these links from now on, and at no others. */
  follow(graph: Graph, links: readonly string[]): void {
    this.close();
    for (const link of links) this.#cancels.push(graph.tap(link, (frame) => this.#look(link, frame)));
  }

  /** dBFS to a tenth; null if no sound passed. */
  take(link: string): number | null {
    const peak = this.#peaks.get(link);
    if (peak === undefined) return null;
    this.#peaks.delete(link);
    return peak === 0 ? SILENCE_DB : Math.round(200 * Math.log10(peak / 32_768)) / 10;
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
    this.#peaks.clear();
  }

  #look(link: string, frame: Frame): void {
    if (frame.kind !== 'audio') return;
    const { samples } = frame as AudioFrame;
    let peak = this.#peaks.get(link) ?? 0;
    for (let index = 0; index < samples.length; index += STRIDE) {
      const size = Math.abs(samples[index]!);
      if (size > peak) peak = size;
    }
    this.#peaks.set(link, peak);
  }
}
