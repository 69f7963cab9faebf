import type { Scene } from './scene.ts';

/** Told from here on; in blocks of 10 ms, of the state itself or of when it was known. */
export interface Told {
  readonly voiced: boolean;
  /** Where the state began. */
  readonly at: number;
  /** Behind what had to be heard to know it. */
  readonly toldAt: number;
}

export interface Verdict {
  /** Shares from 0 to 1: of audible blocks, and of blocks between sentences. */
  readonly speechTold: number;
  readonly pausesTold: number;
  /**
   * Milliseconds from the beginning and the end of each sentence until the right state was told. Who had told it before is
   * 0 late; who never tells it is late by all of the sentence or the pause.
   */
  readonly startLate: readonly number[];
  readonly endLate: readonly number[];
}

/** What a detector told, in order, beside the truth. */
export function judge({ blocks, sentences }: Scene, told: readonly Told[]): Verdict {
  const state = statesOf(blocks.length, told, ({ at }) => at);
  const known = statesOf(blocks.length, told, ({ toldAt }) => toldAt);
  const share = (kind: 'speech' | 'pause') => {
    let [all, voiced] = [0, 0];
    for (const [block, truth] of blocks.entries()) {
      if (truth !== kind) continue;
      all++;
      if (state[block]) voiced++;
    }
    return voiced / all;
  };
  const late = (from: number, to: number, voiced: boolean) => {
    for (let block = from; block < to; block++) if (known[block] === voiced) return (block - from) * 10;
    return (to - from) * 10;
  };
  return {
    speechTold: share('speech'),
    pausesTold: share('pause'),
    startLate: sentences.map(({ from, to }) => late(from, to, true)),
    endLate: sentences.map(({ to }, index) => late(to, sentences[index + 1]?.from ?? blocks.length, false)),
  };
}

/** The state at the beginning of each block. */
function statesOf(length: number, told: readonly Told[], when: (one: Told) => number): boolean[] {
  const states: boolean[] = [];
  let [index, voiced] = [0, false];
  for (let block = 0; block < length; block++) {
    while (index < told.length && when(told[index]!) <= block) voiced = told[index++]!.voiced;
    states.push(voiced);
  }
  return states;
}
