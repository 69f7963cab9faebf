import type { Problem } from '../../protocol/messages.ts';
import type { PickedPart } from '../graph/picked-part.ts';

const DOCS = 'https://github.com/sluice/sluice/blob/main/docs/errors.md';

export interface ProblemsListProps {
  readonly problems: readonly Problem[];
  readonly pick: (picked: PickedPart) => void;
}

/** What is wrong, one sentence each, with whom it is about and what to do. */
export function ProblemsList({ problems, pick }: ProblemsListProps) {
  return (
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title">
        {problems.length === 0 ? 'No problems' : `${problems.length} problem${problems.length === 1 ? '' : 's'}`}
      </h2>
      <ul>
        {problems.map(({ text, fix, node, code }) => (
          <li key={text}>
            <p>
              <span class="mark" aria-hidden="true">
                !
              </span>
              {text}
            </p>
            {fix === undefined ? null : <p class="fix">{sentence(fix)}</p>}
            <p class="ways">
              {node === undefined ? null : (
                <button type="button" class="plain" onClick={() => pick({ kind: 'node', id: node })}>
                  Show {node}
                </button>
              )}
              {code === undefined ? null : (
                <a href={`${DOCS}#${code.toLowerCase()}`} target="_blank" rel="noreferrer">
                  {code}
                </a>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
