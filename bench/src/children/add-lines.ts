import type { Graph } from '@sluice/core';
import { fromTone, gain, toNull } from '@sluice/nodes';

/** Gives a graph so many lines of five nodes on 48 kHz, 50 frames a second, each with a tone of its own. */
export function addLines(bot: Graph, lines: number): void {
  for (let line = 0; line < lines; line++)
    bot
      .from(fromTone({ live: true, frequency: 300 + line }))
      .pipe(gain({ db: -6 }))
      .pipe(gain({ db: 3 }))
      .pipe(gain({ db: -3 }))
      .to(toNull());
}
