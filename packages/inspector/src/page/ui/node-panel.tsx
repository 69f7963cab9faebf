import type { InspectEvent } from '../../protocol/messages.ts';
import type { Recent } from '../figures/recent.ts';
import { writeAges, writeCount, writeMade, writeMicros, writeRate, writeShare } from '../figures/written.ts';
import type { DrawnGraph, PickedPart } from '../graph/picked-part.ts';
import { MarkedText } from '../strips/marked-text.tsx';
import { ErrorHelp } from './error-help.tsx';
import { EventsList } from './events-list.tsx';
import { Figures } from './figures.tsx';
import { NodeControls } from './node-controls.tsx';
import { NodeOptions } from './node-options.tsx';
import { NodePorts } from './node-ports.tsx';

export interface NodePanelProps {
  readonly view: DrawnGraph;
  readonly id: string;
  readonly recent: Recent;
  readonly events: readonly InspectEvent[];
  readonly pick: (picked: PickedPart) => void;
  readonly lookAt: (t: number) => void;
  /** When the graph was started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Sends it a message; undefined where that is not allowed. */
  readonly send: ((message: { readonly type: string }) => Promise<void>) | undefined;
}

/** Everything of one node: what it is, its numbers, its links, options, faults, and messages to it. */
export function NodePanel({ view, id, recent, events, pick, lookAt, startedAt, send }: NodePanelProps) {
  const { topology, sample } = view;
  const index = topology.nodes.findIndex((node) => node.id === id);
  const node = topology.nodes[index];
  if (node === undefined) return <p class="quiet">{id} is not in the graph any more.</p>;
  const { graph } = topology;
  const of = (column: keyof NonNullable<typeof sample>['nodes']) => sample?.nodes[column][index] ?? 0;
  const fault = sample?.faults.find((one) => one.node === id);
  const links = topology.links.filter(({ from, to }) => from === id || to === id);
  return (
    <section class="panel" aria-labelledby="panel-title">
      <h2 id="panel-title">{id}</h2>
      <p class="quiet">
        {node.kind}: {writeMade(node)}
      </p>
      <Figures
        rows={[
          ['State', sample?.states[index] ?? '–'],
          ['Thread', node.thread === 'worker' ? 'one of its own' : 'that of the event loop'],
          ['In', `${writeCount(of('framesIn'))} · ${writeRate(recent.nodeRate(graph, 'framesIn', index))}`],
          ['Out', `${writeCount(of('framesOut'))} · ${writeRate(recent.nodeRate(graph, 'framesOut', index))}`],
          ['Held', writeCount(of('held'))],
          ['Void after an interruption', writeCount(of('staleFrames'))],
          ['Busy', writeShare(recent.busyShare(graph, index))],
          ['Waits for those behind it', waitsTold(node.live, recent.blockedShare(graph, index))],
          ['A frame takes (p50, p99, most)', [of('p50'), of('p99'), of('max')].map(writeMicros).join(', ')],
          ...topology.links.flatMap(({ to }, at): readonly (readonly [string, string])[] =>
            to === id && node.kind === 'sink' ? [['A frame is so old (p50, p95)', writeAges(sample?.links, at)]] : [],
          ),
          ['Faults, restarts', `${of('errors')}, ${of('restarts')}`],
        ]}
      />
      {fault === undefined ? null : (
        <div class="fault">
          <h3>Last fault</h3>
          <p>
            <MarkedText text={fault.message} />
          </p>
          {fault.at === undefined ? null : (
            <p>
              at <code>{fault.at}</code>
            </p>
          )}
          {fault.code === undefined ? null : <ErrorHelp code={fault.code} />}
        </div>
      )}
      <h3>Links</h3>
      <ul class="links">
        {links.map((link) => (
          <li key={link.id}>
            <button type="button" class="plain" onClick={() => pick({ kind: 'link', id: link.id })}>
              {link.to === id ? `from ${link.from}` : `to ${link.to}`}
            </button>
            {link.port === 'in' ? null : <span class="quiet"> {link.port}</span>}
          </li>
        ))}
      </ul>
      <NodePorts ports={node.ports ?? []} />
      {node.options === undefined ? null : (
        <>
          <h3>Options</h3>
          <NodeOptions options={node.options} defaults={node.defaults} />
        </>
      )}
      <NodeControls
        key={id}
        declared={node.controls ?? []}
        taken={sample?.controls?.filter((one) => one.node === id) ?? []}
        startedAt={startedAt}
        send={send}
      />
      <EventsList events={events.filter((event) => event.node === id)} pick={pick} lookAt={lookAt} most={50} />
    </section>
  );
}

function waitsTold(live: boolean, share: number): string {
  return live || share < 0.1 ? writeShare(share) : `${writeShare(share)}, as it may: it is not live`;
}
