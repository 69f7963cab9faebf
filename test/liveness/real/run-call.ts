import { scriptOf } from '../actions.ts';
import type { FailedSequence } from '../explore-block.ts';
import { callSequence } from './call-actions.ts';
import { checkCall } from './call-laws.ts';
import { RealTalk, type RealTalkOptions } from './real-talk.ts';

/** Runs the sequence of a seed over a call of its own. Returns undefined when the agent is as alive as it was. */
export async function runCall(options: RealTalkOptions, most: number): Promise<FailedSequence | undefined> {
  const { seed } = options;
  const actions = callSequence(seed, most);
  let broken: readonly string[];
  try {
    const talk = await RealTalk.open(options);
    try {
      await talk.play(actions);
      broken = await checkCall(talk);
    } finally {
      await talk.close();
    }
  } catch (error) {
    broken = [`threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
  if (broken.length === 0) return undefined;
  return { seed, again: `npm run liveness -- --real --runs 1 --seed ${seed}`, script: scriptOf(actions), broken };
}
