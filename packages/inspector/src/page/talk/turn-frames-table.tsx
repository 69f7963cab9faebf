import type { LinkFrames } from '../figures/turn-frames.ts';
import { writeCount, writeMs } from '../figures/written.ts';
import type { PickedPart } from '../graph/picked-part.ts';
import { Headings } from '../strips/headings.tsx';

export interface TurnFramesTableProps {
  readonly frames: readonly LinkFrames[];
  readonly pick: (picked: PickedPart) => void;
}

/** The frames that passed in the time of an exchange, link by link. */
export function TurnFramesTable({ frames, pick }: TurnFramesTableProps) {
  if (frames.length === 0) return <p class="quiet">Of its frames nothing is known: nobody looked at that time.</p>;
  return (
    <table class="happened">
      <caption>Frames meanwhile</caption>
      <Headings titles={['Link', 'Passed', 'Dropped', 'Queued', 'Age']} />
      <tbody>
        {frames.map(({ link, from, to, passed, dropped, queuedMs, ageMs }) => (
          <tr key={link} class={dropped > 0 ? 'drops' : ''}>
            <th scope="row">
              <button type="button" class="plain" onClick={() => pick({ kind: 'link', id: link })}>
                <bdi>{from}</bdi> → <bdi>{to}</bdi>
              </button>
            </th>
            <td>{writeCount(passed)}</td>
            <td>{writeCount(dropped)}</td>
            <td>{writeMs(queuedMs)}</td>
            <td>{ageMs === undefined ? '–' : writeMs(ageMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
