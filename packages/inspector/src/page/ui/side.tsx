import type { PickedPart } from '../graph/picked-part.ts';
import type { InspectSocket } from '../link/inspect-socket.ts';
import type { Store } from '../link/store.ts';
import { Follow } from '../scope/follow.tsx';
import { EventsList } from './events-list.tsx';
import { LinkPanel } from './link-panel.tsx';
import { NodePanel } from './node-panel.tsx';
import { ProblemsList, startOf } from './problems-list.tsx';
import { useStore, useView, viewOf } from './view.ts';

export interface SideProps {
  readonly store: Store;
  readonly socket: InspectSocket | undefined;
  readonly graph: number;
  readonly picked: PickedPart | undefined;
  readonly pick: (picked: PickedPart | undefined) => void;
}

/** What is picked, what is wrong, what happened: whoever picks something sees at once what it is. */
export function Side({ store, socket, graph, picked, pick }: SideProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <aside aria-label="Details" tabIndex={0}>
      {picked === undefined ? null : (
        <div class="picked-part">
          <button type="button" class="plain back" onClick={() => pick(undefined)}>
            ← Events
          </button>
          <Picked store={store} socket={socket} graph={graph} picked={picked} pick={pick} />
        </div>
      )}
      <Problems store={store} graph={graph} pick={pick} />
      {picked === undefined ? <Events store={store} graph={graph} pick={pick} /> : null}
    </aside>
  );
}

type Part = Pick<SideProps, 'store' | 'graph' | 'pick'>;

function Problems({ store, graph, pick }: Part) {
  const [problems] = useStore(store, ({ shown }) => [viewOf(shown, graph)?.sample?.problems]);
  const sample = viewOf(store.shown, graph)?.sample;
  return (
    <ProblemsList
      problems={problems ?? []}
      startedAt={sample === undefined ? 0 : startOf(sample, store.shown.sample!.t)}
      pick={pick}
      lookAt={(t) => store.lookAt(t)}
    />
  );
}

function Events({ store, graph, pick }: Part) {
  const [all] = useStore(store, ({ events }) => [events]);
  const events = all.filter((event) => event.graph === graph);
  return <EventsList events={events} pick={pick} lookAt={(t) => store.lookAt(t)} most={100} />;
}

function Picked({ store, socket, graph, picked, pick }: SideProps & { readonly picked: PickedPart }) {
  const { view, recent } = useView(store, graph);
  const [events, hello] = useStore(store, ({ events, hello }) => [events, hello]);
  if (view === undefined) return null;
  if (picked.kind === 'link')
    return (
      <>
        <LinkPanel view={view} id={picked.id} recent={recent} pick={pick} />
        {socket === undefined ? null : (
          <Follow topology={view.topology} link={picked.id} follow={(link) => socket.follow(graph, link)} />
        )}
      </>
    );
  return (
    <NodePanel
      view={view}
      id={picked.id}
      recent={recent}
      events={events.filter((event) => event.graph === graph)}
      pick={pick}
      lookAt={(t) => store.lookAt(t)}
      startedAt={view.sample === undefined ? 0 : startOf(view.sample, store.shown.sample!.t)}
      send={
        socket !== undefined && hello?.control === true
          ? (message) => socket.send(graph, picked.id, message)
          : undefined
      }
    />
  );
}
