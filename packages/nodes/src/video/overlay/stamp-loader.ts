import type { Clock } from '@sluice/core';
import type { RasterSize } from '../picture/raster.ts';
import { Stamp } from '../picture/stamp.ts';
import type { CheckedContent } from './content.ts';
import { rasterise } from './rasterise.ts';

/** Draws contents off the event loop, one at a time. While one is drawn the former is shown; of those that wait, the last wins. */
export class StampLoader {
  readonly #size: RasterSize;
  readonly #clock: Clock;
  readonly #settled: (error?: unknown) => void;
  readonly #report: (error: unknown) => void;
  #stamp: Stamp | null | undefined;
  #next: CheckedContent | undefined;
  /** The content that is being drawn, unless it is no longer wanted. */
  #wanted: CheckedContent | undefined;
  #busy = false;
  #closed = false;

  /**
   * @param settled called when a content was drawn, or could not be
   * @param report called with what was drawn although it is not as it should be
   */
  constructor(size: RasterSize, clock: Clock, settled: (error?: unknown) => void, report: (error: unknown) => void) {
    this.#size = size;
    this.#clock = clock;
    this.#settled = settled;
    this.#report = report;
  }

  /** What is shown: null for nothing, undefined before the first content was drawn. */
  get stamp(): Stamp | null | undefined {
    return this.#stamp;
  }

  /** Whether what was asked for last is still being drawn. */
  get busy(): boolean {
    return this.#wanted !== undefined || this.#next !== undefined;
  }

  show(content: CheckedContent | null): void {
    if (content === null) {
      this.#stamp = null;
      this.#next = undefined;
      this.#wanted = undefined;
    } else if (this.#busy) this.#next = content;
    else void this.#draw(content);
  }

  close(): void {
    this.#closed = true;
    this.#stamp = undefined;
    this.#next = undefined;
    this.#wanted = undefined;
  }

  async #draw(content: CheckedContent): Promise<void> {
    this.#busy = true;
    this.#wanted = content;
    let failure: unknown;
    try {
      const raster = await this.#clock.track(rasterise(content, this.#size, this.#report));
      if (this.#wanted === content) this.#stamp = raster.width === 0 ? null : new Stamp(raster);
    } catch (error) {
      failure = error;
    }
    this.#busy = false;
    const meant = this.#wanted === content;
    if (meant) this.#wanted = undefined;
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) void this.#draw(next);
    if (!this.#closed && (meant || failure === undefined)) this.#settled(failure);
  }
}
