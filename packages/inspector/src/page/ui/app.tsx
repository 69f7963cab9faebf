import type { ComponentChildren } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { MediaPacket } from '../../protocol/media-packet.ts';
import type { LinkTopology } from '../../protocol/messages.ts';
import type { PickedPart } from '../graph/picked-part.ts';
import type { InspectSocket } from '../link/inspect-socket.ts';
import type { Store } from '../link/store.ts';
import { Scopes } from '../scope/scopes.tsx';
import type { AskScope } from '../scope/use-scope.ts';
import { FleetPage } from './fleet-page.tsx';
import { Help } from './help.tsx';
import { Side } from './side.tsx';
import { CallsStage, FleetsStage, GraphStage, TalkStage } from './stages.tsx';
import { TimeStrips } from './time-strips.tsx';
import { Told } from './told.tsx';
import { TopBar } from './top-bar.tsx';
import { useKeys } from './use-keys.ts';
import { type Stage, useStore } from './view.ts';

export interface AppProps {
  readonly store: Store;
  /** Not there in a replay. */
  readonly socket: InspectSocket | undefined;
  /** Buttons that record and open sessions. */
  readonly session: ComponentChildren;
}

/** The whole page. */
export function App({ store, socket, session }: AppProps) {
  const [status, hello, all, hasFleets, paused] = useStore(store, ({ status, hello, shown, fleets, paused }) => [
    status,
    hello,
    shown.topology,
    fleets.length > 0,
    paused,
  ]);
  const [chosen, choose] = useState<number>();
  const [picked, pick] = useState<PickedPart>();
  const [kept, setKept] = useState<readonly string[]>([]);
  const [stage, setStage] = useState<Stage>('graph');
  const [help, setHelp] = useState(false);
  const [time, setTime] = useState(innerHeight >= ROOM_FOR_TIME && innerWidth > NARROW);
  const topology = all?.graphs.find(({ graph }) => graph === chosen) ?? all?.graphs[0];
  // Of a file: what passed before the moment that is looked at, another one with each.
  const [moment] = useStore(store, ({ looksAt }) => [socket === undefined ? looksAt : undefined]);
  const ask: AskScope = useCallback(
    (graph, link, kinds, take) =>
      socket === undefined
        ? fromFile(store.sound?.before(link, moment, KEPT_MS) ?? [], take)
        : socket.scope(graph, link, kinds, take),
    [socket, store, moment],
  );
  const pictures = socket !== undefined && hello?.media === true ? ask : undefined;
  const isHeard = ({ id }: LinkTopology) => socket !== undefined || store.sound?.has(id) === true;
  const keys = useMemo(
    () => ({
      '/': () => {
        // What was looked for before is written over.
        const search = document.querySelector<HTMLInputElement>('#search');
        search?.focus();
        search?.select();
      },
      ' ': () => store.pause(!store.paused),
      l: () => document.querySelector<HTMLElement>('[data-listen]')?.click(),
      t: () => setStage((before) => (before === 'table' ? 'graph' : 'table')),
      c: () => setStage((before) => (before === 'calls' ? 'graph' : 'calls')),
      f: () => setStage((before) => (before === 'fleets' ? 'graph' : 'fleets')),
      k: () => setStage((before) => (before === 'talk' ? 'graph' : 'talk')),
      h: () => setTime((before) => !before),
      '?': () => setHelp(true),
      Escape: () => pick(undefined),
    }),
    [store],
  );
  useKeys(keys);
  if (status === 'denied') return <Told title="This address is of no use" text={DENIED} more={session} />;
  if (topology === undefined && hasFleets) return <FleetPage store={store} session={session} />;
  if (topology === undefined)
    return <Told title="sluice inspector" text={hello ? NOTHING : socket ? WAITING : READING} more={session} />;
  const { graph } = topology;
  const scoped = [...new Set([...(picked?.kind === 'link' ? [picked.id] : []), ...kept])];
  const links = scoped.flatMap((id) => topology.links.find((link) => link.id === id && isHeard(link)) ?? []);
  return (
    <>
      <TopBar
        store={store}
        graph={graph}
        choose={choose}
        stage={stage}
        setStage={setStage}
        time={time}
        setTime={setTime}
        pick={pick}
        help={() => setHelp(true)}
        session={session}
      />
      {status === 'lost' ? <p class="lost">The process is gone, or does not answer. It is asked again.</p> : null}
      <main>
        <div class="stage">
          {stage === 'calls' ? (
            <CallsStage store={store} />
          ) : stage === 'fleets' ? (
            <FleetsStage store={store} />
          ) : stage === 'talk' ? (
            <TalkStage store={store} graph={graph} showGraph={() => setStage('graph')} pick={pick} />
          ) : (
            <GraphStage
              store={store}
              graph={graph}
              table={stage === 'table'}
              picked={picked}
              pick={pick}
              pictures={pictures}
            />
          )}
          {links.length === 0 ? null : (
            <Scopes
              ask={ask}
              graph={graph}
              links={links}
              media={socket === undefined || hello?.media === true}
              live={socket !== undefined}
              paused={paused}
              kept={kept}
              keep={(id) => setKept(toggled(kept, id))}
              close={(id) => {
                setKept(kept.filter((other) => other !== id));
                if (picked?.id === id) pick(undefined);
              }}
            />
          )}
          {time ? <TimeStrips store={store} graph={graph} picked={picked} /> : null}
        </div>
        <Side store={store} socket={socket} graph={graph} picked={picked} pick={pick} />
      </main>
      {help ? <Help close={() => setHelp(false)} /> : null}
    </>
  );
}

/** What is kept of a link that is looked at, in milliseconds. */
const KEPT_MS = 10_000;

async function fromFile(packets: readonly MediaPacket[], take: (packet: MediaPacket) => void): Promise<() => void> {
  for (const packet of packets) take(packet);
  return () => {};
}

const DENIED =
  'It has no token, or that of a process that is gone. Take the address that the program says at its start.';
const NOTHING = 'No graph is shown yet.';
const WAITING = 'Asking the process …';
const READING = 'Reading the session …';
/** Windows that are lower or narrower show the last minutes when they are asked for, in pixels. */
const ROOM_FOR_TIME = 700;
const NARROW = 760;
/** Links that are kept beside the one that is picked. */
const MOST_KEPT = 3;

function toggled(kept: readonly string[], id: string): readonly string[] {
  return kept.includes(id) ? kept.filter((other) => other !== id) : [...kept, id].slice(-MOST_KEPT);
}
