import { CallsView } from '../calls/calls-view.tsx';
import { voiceLevels } from '../figures/voice-levels.ts';
import { FleetsView } from '../fleets/fleets-view.tsx';
import { GraphView } from '../graph/graph-view.tsx';
import type { PickedPart } from '../graph/picked-part.ts';
import type { Store } from '../link/store.ts';
import { TalkView } from '../talk/talk-view.tsx';
import { TableView } from './table-view.tsx';
import { useStore, useView } from './view.ts';

export interface GraphStageProps {
  readonly store: Store;
  readonly graph: number;
  /** Tables instead of the drawing. */
  readonly table: boolean;
  readonly picked: PickedPart | undefined;
  readonly pick: (picked: PickedPart | undefined) => void;
}

/** The drawing, or the same as tables. */
export function GraphStage({ store, graph, table, picked, pick }: GraphStageProps) {
  const { view, recent } = useView(store, graph);
  if (view === undefined) return null;
  const Drawn = table ? TableView : GraphView;
  return <Drawn view={view} recent={recent} picked={picked} pick={pick} />;
}

export function CallsStage({ store }: { readonly store: Store }) {
  useStore(store, ({ calls, looksAt }) => [calls, looksAt]);
  return <CallsView past={store.callsShown} />;
}

export function FleetsStage({ store }: { readonly store: Store }) {
  useStore(store, ({ fleets, looksAt }) => [fleets, looksAt]);
  return <FleetsView past={store.fleetsShown} />;
}

export interface TalkStageProps {
  readonly store: Store;
  readonly graph: number;
  readonly showGraph: () => void;
}

export function TalkStage({ store, graph, showGraph }: TalkStageProps) {
  const [entries, until, now, media] = useStore(store, ({ talk, looksAt, sample, hello }) => [
    talk.of(graph),
    looksAt,
    sample?.t ?? 0,
    hello?.media === true,
  ]);
  return (
    <TalkView
      entries={entries}
      levels={(lane) => voiceLevels(store.past.moments, graph, lane)}
      until={until}
      now={now}
      media={media}
      lookAt={(t) => {
        store.lookAt(t);
        showGraph();
      }}
    />
  );
}
