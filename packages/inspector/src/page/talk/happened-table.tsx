import type { Happened } from '../figures/happened.ts';
import { writeTime } from '../figures/written.ts';
import type { PickedPart } from '../graph/picked-part.ts';
import { Headings } from '../strips/headings.tsx';
import { MarkedText } from '../strips/marked-text.tsx';

export interface HappenedTableProps {
  readonly happened: readonly Happened[];
  readonly pick: (picked: PickedPart) => void;
}

/** Lines that are shown, the newest: a node that fails over and over fills no page. */
const MOST_SHOWN = 50;

/** What was told in the time of an exchange, the oldest first, and by whom. */
export function HappenedTable({ happened, pick }: HappenedTableProps) {
  if (happened.length === 0) return <p class="quiet">No node told of anything meanwhile.</p>;
  const shown = happened.slice(-MOST_SHOWN);
  const newest = shown.length < happened.length ? `, the last ${MOST_SHOWN} of ${happened.length}` : '';
  return (
    <table class="happened">
      <caption>{`What happened meanwhile${newest}`}</caption>
      <Headings titles={['At', 'Who', 'What']} />
      <tbody>
        {shown.map(({ t, node, link, who, kind, text }, index) => (
          <tr key={`${t} ${index}`} class={kind}>
            <td>{writeTime(t)}</td>
            <td>
              {node === undefined && link === undefined ? (
                who
              ) : (
                <button
                  type="button"
                  class="plain"
                  onClick={() => pick({ kind: node === undefined ? 'link' : 'node', id: who })}
                >
                  {who}
                </button>
              )}
            </td>
            <td>
              {kind}
              {text === '' ? null : (
                <>
                  {': '}
                  <MarkedText text={text} />
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
