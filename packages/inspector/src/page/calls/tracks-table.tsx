import type { CallMember, CallTrackRow, TrackGaps } from '../../protocol/calls.ts';
import { writeMs } from '../figures/written.ts';
import { Headings } from '../strips/headings.tsx';

/** Shown also while they are off: everybody has them. */
const USUAL: readonly string[] = ['microphone', 'camera'];
const titles = ['Who', 'Track', 'State', 'Wanted', 'Gaps', 'Missing', 'Made up'] as const;

export interface TracksTableProps {
  readonly members: readonly CallMember[];
  readonly gaps: readonly TrackGaps[];
}

/** Who sends what, whether it arrives, and how often it broke off. */
export function TracksTable({ members, gaps }: TracksTableProps) {
  return (
    <table>
      <caption>{members.length === 1 ? 'One participant' : `${members.length} participants`}</caption>
      <Headings titles={titles} />
      {members.map((member) => (
        <tbody key={member.id}>
          {shownOf(member).map((track, index, { length }) => (
            <tr key={track.name}>
              {index > 0 ? null : (
                <th scope="rowgroup" rowSpan={length}>
                  {member.name === '' ? 'no name' : member.name}
                  <span class="quiet">{[member.local ? ' (here)' : '', member.owner ? ' owner' : '']}</span>
                </th>
              )}
              <td>{track.name}</td>
              <td class={`state ${track.state}`}>{[track.state, ...track.offReasons].join(': ')}</td>
              <td>{member.local ? '–' : track.wanted ? 'yes' : 'no'}</td>
              <Gaps of={gaps.find((one) => one.participantId === member.id && one.track === track.name)} />
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Gaps({ of }: { readonly of: TrackGaps | undefined }) {
  if (of === undefined) return [0, 1, 2].map((cell) => <td key={cell}>–</td>);
  return (
    <>
      <td>{of.gaps}</td>
      <td>{writeMs(of.gapMs)}</td>
      <td>{writeMs(of.concealedMs)}</td>
    </>
  );
}

function shownOf({ tracks }: CallMember): readonly CallTrackRow[] {
  return tracks.filter(({ name, state }) => state !== 'off' || USUAL.includes(name));
}
