export interface CountedRange {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/**
 * The stretches of one function that never ran. V8 joins blocks that ran equally often, so what it names as a block is
 * another thing each time; what ran at all is not.
 */
export class Stretches {
  #left: readonly (readonly [start: number, end: number])[];

  constructor(start: number, end: number) {
    this.#left = [[start, end]];
  }

  /** Everything has run. */
  get empty(): boolean {
    return this.#left.length === 0;
  }

  /**
   * How many stretches ran now for the first time.
   *
   * @param ranges as V8 tells them: nested, the outer one first
   * @param learn whether they are taken away
   */
  run(ranges: readonly CountedRange[], learn: boolean): number {
    const left: (readonly [number, number])[] = [];
    let fresh = 0;
    const executed = executedParts(ranges);
    for (const [start, end] of this.#left) {
      let at = start;
      for (const [from, to] of executed) {
        if (to <= at || from >= end) continue;
        if (from > at) left.push([at, from]);
        at = Math.min(to, end);
        fresh++;
      }
      if (at < end) left.push([at, end]);
    }
    if (learn) this.#left = left;
    return fresh;
  }
}

/** The parts with a count above zero, in order; the innermost range says it. */
function executedParts(ranges: readonly CountedRange[]): readonly (readonly [number, number])[] {
  const parts: [number, number][] = [];
  const open: CountedRange[] = [];
  let at = ranges[0]!.startOffset;
  const upTo = (end: number) => {
    if (end > at && open.at(-1)!.count > 0) {
      const last = parts.at(-1);
      if (last !== undefined && last[1] === at) last[1] = end;
      else parts.push([at, end]);
    }
    at = Math.max(at, end);
  };
  const closeBefore = (offset: number) => {
    while (open.length > 0 && open.at(-1)!.endOffset <= offset) {
      upTo(open.at(-1)!.endOffset);
      open.pop();
    }
  };
  for (const range of ranges) {
    closeBefore(range.startOffset);
    if (open.length > 0) upTo(range.startOffset);
    open.push(range);
  }
  closeBefore(Number.POSITIVE_INFINITY);
  return parts;
}
