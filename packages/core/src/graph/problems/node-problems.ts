import { SLOW_NANOS } from '../../runtime/actors/processing-time.ts';
import type { NodeSnapshot } from '../snapshot.ts';
import { type Finding, findingOf, type Happened } from './diagnostic.ts';
import { adviceOf, messageAt, type ToldError } from './told-error.ts';

/** A frame that takes this long is heard, even if it is the only one. */
const HEARD_MICROS = 50_000;

/** Of a hundred frames so many may be slow: garbage that is collected, or another process, may hold any node once. */
const SLOW_SHARE = 0.01;

export const SLOW_MICROS = SLOW_NANOS / 1_000;

/** A node with the times of what happened to it. */
export interface NodeLook {
  readonly node: NodeSnapshot;
  readonly lastError: ToldError | undefined;
  readonly faulted: Happened | undefined;
  readonly restarted: Happened | undefined;
  readonly slowed: Happened | undefined;
  /** When it broke off, as far as somebody looked. */
  readonly broke: Happened | undefined;
}

/** What is wrong with a node. */
export function nodeProblems(look: NodeLook): Finding[] {
  const { node, slowed, broke } = look;
  const { id, glitches, processing } = node;
  const problems: Finding[] = node.warnings.map((warning) => findingOf(warning, id));
  const fault = faultOf(look);
  if (fault !== undefined) problems.push(fault);
  if (holdsTheLoop(processing))
    problems.push({
      text: `\`${id}\` held the event loop for ${(processing.slowest / 1_000).toFixed(0)} ms on one frame`,
      fix: 'give it a worker (inWorker) or smaller frames',
      node: id,
      when: slowed,
    });
  if (broke !== undefined && glitches !== undefined)
    problems.push({
      text: `\`${id}\` broke off ${times(glitches.gaps)}, for ${glitches.gapMs.toFixed(0)} ms: it had nothing to play`,
      fix: 'look at what stands before it: whether it is slow, or gives more than it has at once',
      node: id,
      when: broke,
    });
  return problems;
}

function faultOf({ node, lastError, faulted, restarted }: NodeLook): Finding | undefined {
  const { id, state, restarts, errors, lastErrorAt } = node;
  const mend = `mend what it throws${lastErrorAt === undefined ? '' : ` at ${lastErrorAt}`}`;
  const said = (what: string, fix = mend): Pick<Finding, 'text' | 'fix' | 'node' | 'code'> => ({
    text: `\`${id}\` ${what}${lastError === undefined ? '' : `: ${messageAt(id, lastError)}`}`,
    fix,
    node: id,
    ...(lastError === undefined ? {} : adviceOf(lastError)),
  });
  if (state === 'down') return { ...said('is down and will be restarted'), when: faulted, lasts: true };
  // Of all others somebody has declared what happens.
  if (state === 'failed')
    return { ...said('failed', `${mend}, or declare what happens then with onError`), when: faulted, lasts: true };
  if (restarts > 0) return { ...said(`was restarted ${times(restarts)}`), when: restarted };
  if (errors === 0) return undefined;
  return { ...said(errors === 1 ? 'reported a fault' : `reported ${errors} faults, the last`), when: faulted };
}

function holdsTheLoop({ count, slow, slowest }: NodeSnapshot['processing']): boolean {
  return slowest > HEARD_MICROS || (slow > 1 && slow >= count * SLOW_SHARE);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
