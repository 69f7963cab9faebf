import { useCallback } from 'preact/hooks';
import { CallsView } from '../calls/calls-view.tsx';
import { framesIn } from '../figures/turn-frames.ts';
import { voiceLevels } from '../figures/voice-levels.ts';
import { FleetsView } from '../fleets/fleets-view.tsx';
import { GraphKey } from '../graph/graph-key.tsx';
import { GraphView } from '../graph/graph-view.tsx';
import type { PickedPart } from '../graph/picked-part.ts';
import type { Store } from '../link/store.ts';
import { Thumbnail } from '../scope/thumbnail.tsx';
import type { AskScope } from '../scope/use-scope.ts';
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
  /** Asks for small pictures; undefined where none may be seen. */
  readonly pictures: AskScope | undefined;
}

/** The drawing, or the same as tables. */
export function GraphStage({ store, graph, table, picked, pick, pictures }: GraphStageProps) {
  const { view, recent } = useView(store, graph);
  const [shows] = useStore(store, ({ looksAt, paused }) => [looksAt !== undefined ? 'none' : paused ? 'still' : 'now']);
  const picture = useCallback(
    (link: string) => pictures && <Thumbnail ask={pictures} graph={graph} link={link} shows={shows} />,
    [pictures, graph, shows],
  );
  if (view === undefined) return null;
  const shown = { view, recent, picked, pick };
  if (table) return <TableView {...shown} />;
  return (
    <>
      <GraphView {...shown} picture={pictures && picture} />
      <GraphKey />
    </>
  );
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
  readonly pick: (picked: PickedPart) => void;
}

export function TalkStage({ store, graph, showGraph, pick }: TalkStageProps) {
  const [entries, all, until, now, media] = useStore(store, ({ talk, events, looksAt, sample, hello }) => [
    talk.of(graph),
    events,
    looksAt,
    sample?.t ?? 0,
    hello?.media === true,
  ]);
  return (
    <TalkView
      entries={entries}
      events={all.filter((event) => event.graph === graph)}
      levels={(lane) => voiceLevels(store.past.moments, graph, lane)}
      frames={(from, to) => framesIn(store.past.moments, graph, from, Math.min(to, until ?? now))}
      until={until}
      now={now}
      media={media}
      lookAt={(t) => {
        store.lookAt(t);
        showGraph();
      }}
      pick={pick}
    />
  );
}
