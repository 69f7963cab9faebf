import type { ComponentChildren } from 'preact';
import { writeMs, writeShare, writeTime } from '../figures/written.ts';
import type { DrawnGraph, PickedPart } from '../graph/picked-part.ts';
import type { LinkStatus, Store } from '../link/store.ts';
import { Search } from './search.tsx';
import type { Stage } from './view.ts';

export interface TopBarProps {
  readonly store: Store;
  readonly view: DrawnGraph | undefined;
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

const names = { table: 'Table', talk: 'Talk', calls: 'Calls' } as const;

/** Which process and graph, how it fares, and the switches of the page. */
export function TopBar({ store, view, choose, stage, setStage, time, setTime, pick, help, session }: TopBarProps) {
  const { status, paused, topology, hello, looksAt } = store;
  const { sample } = store.shown;
  const stages = (['table', 'talk', 'calls'] as const).filter(
    (one) =>
      one === 'table' ||
      (one === 'calls' ? store.calls.length > 0 : view !== undefined && store.talk.of(view.topology.graph).length > 0),
  );
  return (
    <header class="top">
      <h1>sluice inspector</h1>
      {topology !== undefined && topology.graphs.length > 1 ? (
        <select
          aria-label="Graph"
          value={view?.topology.graph}
          onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
        >
          {topology.graphs.map(({ graph, name }) => (
            <option key={graph} value={graph}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <strong>{view?.topology.name}</strong>
      )}
      <span class={`status ${looksAt === undefined ? status : 'replay'}`} role="status">
        {looksAt !== undefined ? `as at ${writeTime(sample?.t ?? looksAt)}` : paused ? 'paused' : words[status]}
        {view?.sample === undefined ? '' : ` · ${view.sample.status} · epoch ${view.sample.epoch}`}
      </span>
      {sample === undefined ? null : (
        <span class="vitals">
          {`CPU ${writeShare(sample.process.cpu)} · ${sample.process.rssMb} MB · loop +${writeMs(sample.process.lagMs)}`}
        </span>
      )}
      <span class="space" />
      {hello?.production === true ? <span class="banner">production</span> : null}
      <Search view={view} pick={pick} />
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
      {session}
      <button type="button" aria-label="Help" onClick={help}>
        ?
      </button>
    </header>
  );
}
