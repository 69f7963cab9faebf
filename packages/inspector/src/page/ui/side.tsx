import type { DrawnGraph, PickedPart } from '../graph/picked-part.ts';
import type { InspectSocket } from '../link/inspect-socket.ts';
import type { Store } from '../link/store.ts';
import { Follow } from '../scope/follow.tsx';
import { EventsList } from './events-list.tsx';
import { LinkPanel } from './link-panel.tsx';
import { NodePanel } from './node-panel.tsx';
import { ProblemsList } from './problems-list.tsx';

export interface SideProps {
  readonly store: Store;
  readonly socket: InspectSocket | undefined;
  readonly view: DrawnGraph;
  readonly picked: PickedPart | undefined;
  readonly pick: (picked: PickedPart | undefined) => void;
}

/** What is wrong, what is picked, what happened. */
export function Side({ store, socket, view, picked, pick }: SideProps) {
  const { graph } = view.topology;
  const events = store.events.filter((event) => event.graph === graph);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <aside aria-label="Details" tabIndex={0}>
      <ProblemsList problems={view.sample?.problems ?? []} pick={pick} />
      {picked === undefined ? (
        <EventsList events={events} pick={pick} lookAt={(t) => store.lookAt(t)} most={100} />
      ) : (
        <>
          <button type="button" class="plain back" onClick={() => pick(undefined)}>
            ← Events
          </button>
          {picked.kind === 'node' ? (
            <NodePanel
              view={view}
              id={picked.id}
              recent={store.shown.recent}
              events={events}
              pick={pick}
              lookAt={(t) => store.lookAt(t)}
              send={
                socket !== undefined && store.hello?.control === true
                  ? (message) => socket.send(graph, picked.id, message)
                  : undefined
              }
            />
          ) : (
            <>
              <LinkPanel view={view} id={picked.id} recent={store.shown.recent} pick={pick} />
              {socket === undefined ? null : (
                <Follow topology={view.topology} link={picked.id} follow={(link) => socket.follow(graph, link)} />
              )}
            </>
          )}
        </>
      )}
    </aside>
  );
}
