import type { AudioFrame, Cancel, Frame, Graph } from '@sluice/core';
import type { SeenFormats } from './seen-formats.ts';

/** Every how many samples one is looked at: a meter needs no more, and all links are metered at once. */
const STRIDE = 4;
/** What silence is told as. */
const SILENCE_DB = -100;

/** The loudest sample of each link since it was asked last. Costs something only between `follow` and `close`. */
export class LevelMeters {
  readonly #meters = new Map<string, Meter>();
  #cancels: Cancel[] = [];

  /** Looks at these links from now on, and at no others. `formats` sees what comes through them. */
  follow(graph: Graph, links: readonly string[], formats: SeenFormats): void {
    this.close();
    for (const link of links) {
      const meter = new Meter();
      const seen = formats.watch(link);
      this.#meters.set(link, meter);
      const look = (frame: Frame) => {
        seen(frame);
        meter.look(frame);
      };
      this.#cancels.push(graph.tap(link, look));
    }
  }

  /** dBFS to a tenth; null if no sound passed. */
  take(link: string): number | null {
    const peak = this.#meters.get(link)?.take();
    if (peak === undefined) return null;
    return peak === 0 ? SILENCE_DB : Math.round(200 * Math.log10(peak / 32_768)) / 10;
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
    this.#meters.clear();
  }
}

class Meter {
  #peak: number | undefined;

  look(frame: Frame): void {
    if (frame.kind !== 'audio') return;
    const { samples } = frame as AudioFrame;
    let [low, high] = [0, 0];
    for (let index = 0; index < samples.length; index += STRIDE) {
      const sample = samples[index]!;
      if (sample > high) high = sample;
      else if (sample < low) low = sample;
    }
    this.#peak = Math.max(this.#peak ?? 0, high, -low);
  }

  take(): number | undefined {
    const peak = this.#peak;
    this.#peak = undefined;
    return peak;
  }
}
