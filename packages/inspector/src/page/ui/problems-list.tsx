import type { GraphSample, Problem } from '../../protocol/messages.ts';
import { writeMany, writeTime } from '../figures/written.ts';
import type { PickedPart } from '../graph/picked-part.ts';
import { MarkedText } from '../strips/marked-text.tsx';
import { ErrorHelp } from './error-help.tsx';

export interface ProblemsListProps {
  readonly problems: readonly Problem[];
  /** The start of the graph, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly pick: (picked: PickedPart) => void;
  /** Takes the page back to when it happened. */
  readonly lookAt: (t: number) => void;
}

/** When a graph was started, by a sample of it that was taken at `t`. */
export function startOf({ uptimeMs }: Pick<GraphSample, 'uptimeMs'>, t: number): number {
  return Math.round(t - uptimeMs);
}

/** What is wrong, one sentence each, with whom it is about, what to do and when it was; then what was, and is no more. */
export function ProblemsList({ problems, ...to }: ProblemsListProps) {
  const now = problems.filter(({ past }) => past !== true);
  const earlier = problems.filter(({ past }) => past === true);
  return (
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title">{now.length === 0 ? 'No problems' : writeMany(now.length, 'problem')}</h2>
      <Items problems={now} {...to} />
      {earlier.length === 0 ? null : (
        <details>
          <summary>{earlier.length} earlier, not for the last half minute</summary>
          <Items problems={earlier} {...to} />
        </details>
      )}
    </section>
  );
}

function Items({ problems, startedAt, pick, lookAt }: ProblemsListProps) {
  return (
    <ul>
      {problems.map((problem) => (
        // Numbers of a sentence that goes on may be others in each sample.
        <li
          key={`${problem.firstMs} ${problem.text.replaceAll(/\d+/g, '#')}`}
          class={problem.past === true ? 'problem past' : 'problem'}
        >
          <p>
            <span class="mark" aria-hidden="true">
              !
            </span>
            <MarkedText text={problem.text} />
          </p>
          {problem.fix === undefined ? null : (
            <p class="fix">
              <MarkedText text={sentence(problem.fix)} />
            </p>
          )}
          <div class="ways">
            <When problem={problem} startedAt={startedAt} lookAt={lookAt} />
            <Where problem={problem} pick={pick} />
            {problem.code === undefined ? null : <ErrorHelp code={problem.code} />}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Moments of the page have what was seen in their first second: a little later it is in them. */
const SEEN_MS = 1_000;

function When({
  problem: { firstMs, lastMs },
  startedAt,
  lookAt,
}: Pick<ProblemsListProps, 'startedAt' | 'lookAt'> & Of) {
  const moment = (ms: number) => (
    <button
      type="button"
      class="plain"
      aria-label={`Go back to ${writeTime(startedAt + ms)}`}
      onClick={() => lookAt(startedAt + ms + SEEN_MS)}
    >
      {writeTime(startedAt + ms)}
    </button>
  );
  return (
    <span class="when">
      {lastMs === undefined ? 'since ' : 'at '}
      {moment(firstMs)}
      {lastMs === undefined || lastMs === firstMs ? null : <>, last {moment(lastMs)}</>}
    </span>
  );
}

function Where({ problem: { node, link }, pick }: Pick<ProblemsListProps, 'pick'> & Of) {
  return (
    <>
      {node === undefined ? null : (
        <button type="button" class="plain" onClick={() => pick({ kind: 'node', id: node })}>
          Show {node}
        </button>
      )}
      {link === undefined ? null : (
        <button type="button" class="plain" onClick={() => pick({ kind: 'link', id: link })}>
          Show the link
        </button>
      )}
    </>
  );
}

interface Of {
  readonly problem: Problem;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
