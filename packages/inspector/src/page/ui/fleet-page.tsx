import type { ComponentChildren } from 'preact';
import type { Store } from '../link/store.ts';
import { FleetsStage } from './stages.tsx';
import { useStore } from './view.ts';

export interface FleetPageProps {
  readonly store: Store;
  /** Buttons that record and open sessions. */
  readonly session: ComponentChildren;
}

/** The page of a process that shows fleets and no graph. */
export function FleetPage({ store, session }: FleetPageProps) {
  const [status, production] = useStore(store, ({ status, hello }) => [status, hello?.production === true]);
  return (
    <>
      <header class="top">
        <h1>sluice inspector</h1>
        <span class={`status ${status}`} role="status">
          {status === 'open' ? 'live' : status}
        </span>
        <span class="space" />
        {production ? <span class="banner">production</span> : null}
        {session}
      </header>
      {status === 'lost' ? <p class="lost">The process is gone, or does not answer. It is asked again.</p> : null}
      <main>
        <div class="stage">
          <FleetsStage store={store} />
        </div>
      </main>
    </>
  );
}
