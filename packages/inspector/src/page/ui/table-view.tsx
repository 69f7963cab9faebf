import type { Recent } from '../figures/recent.ts';
import { writeCount, writeFormat, writeMicros, writeMs, writeRate, writeShare } from '../figures/written.ts';
import type { DrawnGraph, PickedPart } from '../graph/picked-part.ts';
import { Headings } from '../strips/headings.tsx';

export interface TableViewProps {
  readonly view: DrawnGraph;
  readonly recent: Recent;
  readonly picked: PickedPart | undefined;
  readonly pick: (picked: PickedPart) => void;
}

/** The same graph as two tables: for screen readers, for many nodes, for copying. */
export function TableView(props: TableViewProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section class="tables" aria-label="Tables" tabIndex={0}>
      <NodeTable {...props} />
      <LinkTable {...props} />
    </section>
  );
}

function NodeTable({ view, recent, picked, pick }: TableViewProps) {
  const { topology, sample } = view;
  const { graph } = topology;
  return (
    <table>
      <caption>Nodes</caption>
      <Headings titles={['Node', 'Kind', 'State', 'In', 'Out', 'Busy', 'Waits', 'Held', 'p50', 'p99', 'Faults']} />
      <tbody>
        {topology.nodes.map(({ id, kind }, index) => (
          <tr key={id} data-node={id} class={picked?.kind === 'node' && picked.id === id ? 'picked' : ''}>
            <th scope="row">
              <button type="button" class="plain" onClick={() => pick({ kind: 'node', id })}>
                {id}
              </button>
            </th>
            <td>{kind}</td>
            <td>{sample?.states[index]}</td>
            <td data-figure="framesIn">{writeCount(sample?.nodes.framesIn[index] ?? 0)}</td>
            <td data-figure="framesOut">{writeCount(sample?.nodes.framesOut[index] ?? 0)}</td>
            <td>{writeShare(recent.busyShare(graph, index))}</td>
            <td>{writeShare(recent.blockedShare(graph, index))}</td>
            <td>{sample?.nodes.held[index]}</td>
            <td>{writeMicros(sample?.nodes.p50[index] ?? 0)}</td>
            <td>{writeMicros(sample?.nodes.p99[index] ?? 0)}</td>
            <td>{sample?.nodes.errors[index]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LinkTable({ view, recent, picked, pick }: TableViewProps) {
  const { topology, sample } = view;
  const { graph } = topology;
  return (
    <table>
      <caption>Links</caption>
      <Headings titles={['Link', 'Format', 'Policy', 'Frames', 'Rate', 'Queued', 'Age p95', 'Dropped', 'Level']} />
      <tbody>
        {topology.links.map(({ id, format, policy }, index) => (
          <tr key={id} data-link={id} class={picked?.kind === 'link' && picked.id === id ? 'picked' : ''}>
            <th scope="row">
              <button type="button" class="plain" onClick={() => pick({ kind: 'link', id })}>
                {id}
              </button>
            </th>
            <td>{writeFormat(format)}</td>
            <td>{policy}</td>
            <td data-figure="frames">{writeCount(sample?.links.frames[index] ?? 0)}</td>
            <td>{writeRate(recent.linkRate(graph, 'frames', index))}</td>
            <td>{writeMs(sample?.links.depthMs[index] ?? 0)}</td>
            <td data-figure="age">{writeAge(sample?.links.ageP95?.[index])}</td>
            <td data-figure="dropped">{writeCount(sample?.links.droppedFrames[index] ?? 0)}</td>
            <td>{writeLevel(sample?.links.level[index])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function writeAge(age: number | null | undefined): string {
  return typeof age === 'number' ? writeMs(age) : '–';
}

function writeLevel(level: number | null | undefined): string {
  if (level === null || level === undefined) return '–';
  return level <= -100 ? 'silence' : `${level.toFixed(0)} dB`;
}
