import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Action } from './actions.ts';
import { exploreBlock, type FailedSequence, failureText } from './explore-block.ts';
import { runSequence } from './run-sequence.ts';

const { SLUICE_SEED, SLUICE_PATH, SLUICE_RUNS, SLUICE_REPORT } = process.env;
/** `npm run liveness` runs as many as it is told, from a fresh seed on: what it finds is no fault of whoever lands next. */
const RUNS = 400;
const SEED = Number(SLUICE_SEED ?? 7);
/** Sequences of a seed, so that a long run goes on after a failure. */
const BLOCK = 100;

describe('an agent in which everything fails', () => {
  const survives = async (seed: number) => {
    const path = SLUICE_PATH === undefined ? {} : { path: SLUICE_PATH };
    const { failure } = await exploreBlock({ seed, runs: RUNS, withinMs: 20_000, ...path });
    expect(failure).toBeUndefined();
  };

  if (SLUICE_RUNS !== undefined)
    it(`survives ${SLUICE_RUNS} sequences`, { timeout: 0 }, async () => {
      const failures: FailedSequence[] = [];
      let runs = 0;
      for (let seed = SEED; runs < Number(SLUICE_RUNS); seed++) {
        const block = await exploreBlock({ seed, runs: Math.min(BLOCK, Number(SLUICE_RUNS) - runs) });
        runs += block.runs;
        process.stdout.write(`${runs} of ${SLUICE_RUNS} sequences from seed ${SEED} on\n`);
        if (block.failure === undefined) continue;
        failures.push(block.failure);
        process.stdout.write(failureText(block.failure));
      }
      if (SLUICE_REPORT !== undefined) writeFileSync(SLUICE_REPORT, JSON.stringify({ runs, failures, leaks: [] }));
      expect(failures).toEqual([]);
    });
  else {
    it('answers who was heard again by ears that judge no turns, and spoke on before they were asked', async () => {
      const setup = {
        fallbacks: true,
        added: false,
        filler: false,
        notUnderstood: false,
        judges: true,
        sparesJudge: false,
      };
      const actions: Action[] = [
        { afterMs: 0, deed: { do: 'ear', fault: 'lost' } },
        { afterMs: 42, deed: { do: 'cough', ms: 189 } },
        { afterMs: 108, deed: { do: 'mute' } },
        { afterMs: 291, deed: { do: 'speak', ms: 100 } },
      ];
      expect(await runSequence({ setup, actions })).toEqual([]);
    });
    it(`answers the next turn, with seed ${SEED}`, { timeout: 120_000 }, () => survives(SEED));
  }
});
