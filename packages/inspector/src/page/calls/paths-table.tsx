import type { CallPath, CallPathEnd } from '../../protocol/calls.ts';
import { writeMs } from '../figures/written.ts';
import { Headings } from '../strips/headings.tsx';

const titles = ['Way', 'By', 'Here', 'There', 'Round trip'] as const;

/** The ways that the media of a call takes: candidates at both ends, protocol, whether a relay carries it. */
export function PathsTable({ paths }: { readonly paths: readonly CallPath[] }) {
  return (
    <table class="paths">
      <caption>{paths.length === 1 ? 'One connection' : `${paths.length} connections`}</caption>
      <Headings titles={titles} />
      <tbody>
        {paths.map(({ protocol, relayed, roundTripMs, local, remote }, index) => (
          <tr key={index}>
            <th scope="row">{relayed ? 'by a relay' : 'direct'}</th>
            <td>{protocol}</td>
            <td>{endTold(local)}</td>
            <td>{endTold(remote)}</td>
            <td>{roundTripMs === null ? '–' : writeMs(roundTripMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `host 192.0.2.1:40000`; addresses of version 6 between brackets. */
function endTold({ type, address, port }: CallPathEnd): string {
  if (address === '') return type;
  return `${type} ${address.includes(':') ? `[${address}]` : address}:${port}`;
}
