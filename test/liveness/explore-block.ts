import fc from 'fast-check';
import { type Sequence, scriptOf, sequences } from './actions.ts';
import { runSequence } from './run-sequence.ts';
import { setupText } from './setup.ts';

/** The shortest sequence that fails. */
export interface FailedSequence {
  readonly seed: number;
  /** How it is run again alone. */
  readonly again: string;
  readonly script: string;
  readonly broken: readonly string[];
}

export interface Block {
  /** Sequences that were run, the shrinking aside. */
  readonly runs: number;
  readonly failure: FailedSequence | undefined;
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
  const property = fc.asyncProperty(sequences, async (sequence: Sequence) => {
    const now = await runSequence(sequence);
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
  const { setup, actions } = counterexample[0];
  const script = `${setupText(setup)}\n${scriptOf(actions)}`;
  const again = `SLUICE_SEED=${seed} SLUICE_PATH=${counterexamplePath} npx vitest run test/liveness/liveness.test.ts`;
  return { runs: numRuns, failure: { seed, again, script, broken } };
}

/** A failure as a reader can follow it. */
export function failureText({ again, script, broken }: FailedSequence): string {
  return `${again}\n${script}\n${broken.map((one) => `  ! ${one}\n`).join('')}`;
}
