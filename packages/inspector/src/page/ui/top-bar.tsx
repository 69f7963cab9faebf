import type { ComponentChildren } from 'preact';
import type { Vitals } from '../../protocol/messages.ts';
import { ExportMenu } from '../export/export-menu.tsx';
import { writeMs, writeShare, writeTime } from '../figures/written.ts';
import type { PickedPart } from '../graph/picked-part.ts';
import type { LinkStatus, Store } from '../link/store.ts';
import { Search } from './search.tsx';
import { type Stage, useStore, useView, viewOf } from './view.ts';

export interface TopBarProps {
  readonly store: Store;
  readonly graph: number;
  readonly choose: (graph: number) => void;
  readonly stage: Stage;
  readonly setStage: (stage: Stage) => void;
  readonly time: boolean;
  readonly setTime: (time: boolean) => void;
  readonly pick: (picked: PickedPart) => void;
  readonly help: () => void;
  readonly session: ComponentChildren;
}

const words: Readonly<Record<LinkStatus, string>> = {
  connecting: 'connecting',
  open: 'live',
  denied: 'denied',
  lost: 'lost',
  replay: 'replay',
};

const names = { table: 'Table', talk: 'Talk', calls: 'Calls', fleets: 'Fleets' } as const;

/** Which process and graph, how it fares, and the switches of the page. */
export function TopBar({ store, graph, choose, stage, setStage, time, setTime, pick, help, session }: TopBarProps) {
  const [topology, calls, fleets, talk, paused] = useStore(store, ({ topology, calls, fleets, talk, paused }) => [
    topology,
    calls.length > 0,
    fleets.length > 0,
    talk.of(graph).length > 0,
    paused,
  ]);
  const shown = topology?.graphs.find((one) => one.graph === graph);
  const has = { table: true, talk, calls, fleets };
  const stages = (['table', 'talk', 'calls', 'fleets'] as const).filter((one) => has[one]);
  return (
    <header class="top">
      <h1>sluice inspector</h1>
      {topology !== undefined && topology.graphs.length > 1 ? (
        <select aria-label="Graph" value={graph} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
          {topology.graphs.map(({ graph: one, name }) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <strong>{shown?.name}</strong>
      )}
      <Doing store={store} graph={graph} />
      <span class="space" />
      {store.hello?.production === true ? <span class="banner">production</span> : null}
      <Search topology={shown} pick={pick} />
      {stages.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={stage === one}
          onClick={() => setStage(stage === one ? 'graph' : one)}
        >
          {names[one]}
        </button>
      ))}
      <button type="button" aria-pressed={time} onClick={() => setTime(!time)}>
        Time
      </button>
      {store.keepsAll ? null : (
        <button type="button" aria-pressed={paused} onClick={() => store.pause(!paused)}>
          {paused ? 'Resume' : 'Pause'}
        </button>
      )}
      <ExportMenu store={store} view={(now) => viewOf(now, graph)} />
      {session}
      <button type="button" aria-label="Help" onClick={help}>
        ?
      </button>
    </header>
  );
}

/** How the graph fares, and what the process takes. */
function Doing({ store, graph }: Pick<TopBarProps, 'store' | 'graph'>) {
  const { view } = useView(store, graph);
  const [status, paused, looksAt] = useStore(store, ({ status, paused, looksAt }) => [status, paused, looksAt]);
  const { sample } = store.shown;
  const vitals = sample && vitalsTold(sample.process);
  return (
    <>
      <span class={`status ${looksAt === undefined ? status : 'replay'}`} role="status" title={vitals}>
        {looksAt !== undefined ? `as at ${writeTime(sample?.t ?? looksAt)}` : paused ? 'paused' : words[status]}
        {view?.sample === undefined ? '' : ` · ${view.sample.status} · epoch ${view.sample.epoch}`}
      </span>
      {vitals === undefined ? null : (
        <span class="vitals" title={vitals}>
          {vitals}
        </span>
      )}
    </>
  );
}

function vitalsTold({ cpu, rssMb, lagMs }: Vitals): string {
  return `CPU ${writeShare(cpu)} · ${rssMb} MB · loop +${writeMs(lagMs)}`;
}
