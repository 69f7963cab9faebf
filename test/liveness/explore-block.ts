import fc from 'fast-check';
import { type Action, scriptOf, sequences } from './actions.ts';
import { runSequence } from './run-sequence.ts';

export interface Block {
  /** Sequences that were run, the shrinking aside. */
  readonly runs: number;
  /** How the shortest sequence that fails is run again, what happens in it, and what it broke; undefined if none fails. */
  readonly failure: string | undefined;
}

export interface BlockOptions {
  readonly seed: number;
  /** Default: all of the block. With it only the sequence that a failure named. */
  readonly path?: string;
  readonly runs: number;
  /** In milliseconds of real time, after which no further sequence is begun. */
  readonly withinMs?: number;
}

/** Runs the sequences of a seed until one fails, and shrinks that one. */
export async function exploreBlock({ seed, path, runs, withinMs }: BlockOptions): Promise<Block> {
  let broken: readonly string[] = [];
  const property = fc.asyncProperty(sequences, async (actions: readonly Action[]) => {
    const now = await runSequence(actions);
    if (now.length > 0) broken = now;
    return now.length === 0;
  });
  const { failed, numRuns, counterexample, counterexamplePath } = await fc.check(property, {
    seed,
    numRuns: runs,
    ...(path === undefined ? {} : { path }),
    ...(withinMs === undefined ? {} : { interruptAfterTimeLimit: withinMs }),
  });
  if (!failed || counterexample === null) return { runs: numRuns, failure: undefined };
  const again = `SLUICE_SEED=${seed} SLUICE_PATH=${counterexamplePath} npx vitest run test/liveness`;
  return {
    runs: numRuns,
    failure: `${again}\n${scriptOf(counterexample[0])}\n${broken.map((one) => `  ! ${one}`).join('\n')}`,
  };
}
