import { WriteRecord } from '@sluice/core';

/** The writes of a line, in the order in which they play. */
export class WriteLedger {
  readonly #sampleRate: number;
  readonly #capacity: number;
  #records: WriteRecord[] = [];
  /** Samples per channel since the line was made. */
  written = 0;

  constructor(sampleRate: number, capacityMs: number) {
    this.#sampleRate = sampleRate;
    this.#capacity = (capacityMs * sampleRate) / 1_000;
  }

  add(frames: number): WriteRecord {
    const record = new WriteRecord(frames, this.written, this.written + frames, this.#sampleRate);
    this.written += frames;
    this.#records.push(record);
    record.heard();
    return record;
  }

  /** Everything before the position was played. */
  advance(position: number): void {
    if (this.#records.length > 0)
      this.#records = this.#records.filter((record) => !record.advance(position, this.#capacity));
  }

  /** Takes what is not over out of the line; the result ends it, with what was played before the boundary. */
  cut(): (boundary: number) => void {
    const cut = this.#records;
    this.#records = [];
    for (const record of cut) record.clearing = true;
    return (boundary) => {
      for (const record of cut) record.settle(boundary);
    };
  }
}
