// What is said: voices over time, words, and how each reply came about. What it shows was put together in `figures`.

import type { TalkEntry } from '@sluice/core/voice';
import { useMemo, useState } from 'preact/hooks';
import type { InspectEvent } from '../../protocol/messages.ts';
import { endOfExchange, happenedIn } from '../figures/happened.ts';
import { latencyOf, medianOf, talkPicture } from '../figures/talk-picture.ts';
import type { LinkFrames } from '../figures/turn-frames.ts';
import { writeMany, writeMs } from '../figures/written.ts';
import type { PickedPart } from '../graph/picked-part.ts';
import { Exchanges } from './exchanges.tsx';
import { HappenedTable } from './happened-table.tsx';
import { Lanes, type LanesProps } from './lanes.tsx';
import { TurnFramesTable } from './turn-frames-table.tsx';
import { Waterfall, WaterfallKey } from './waterfall.tsx';

export interface TalkViewProps {
  readonly entries: readonly TalkEntry[];
  /** What nodes and links told, oldest first. */
  readonly events: readonly InspectEvent[];
  /** How loud a voice was. */
  readonly levels: LanesProps['levels'];
  /** What passed the links between two times. */
  readonly frames: (from: number, to: number) => readonly LinkFrames[];
  /** The moment that is looked at, in milliseconds since 1970; undefined for now. */
  readonly until: number | undefined;
  /** The newest that is known. */
  readonly now: number;
  /** Whether words may be shown. */
  readonly media: boolean;
  /** Takes the page to a moment. */
  readonly lookAt: (t: number) => void;
  /** Shows a node or link beside it. */
  readonly pick: (picked: PickedPart) => void;
}

/** Both voices on one axis of time, and each exchange with its waterfall. */
export function TalkView({ entries, events, levels, frames, until, now, media, lookAt, pick }: TalkViewProps) {
  const picture = useMemo(() => talkPicture(entries, until), [entries, until]);
  const [chosen, choose] = useState<string>();
  const { exchanges, lanes, marks, state } = picture;
  const latencies = exchanges.flatMap(({ turn }) => (turn && latencyOf(turn)) ?? []);
  const longest = Math.max(1, ...latencies);
  const cuts = marks.filter(({ kind }) => kind === 'interrupted').length;
  const picked = exchanges.find(({ key }) => key === chosen);
  const median = medianOf(latencies);
  const told = until === undefined ? events : events.filter(({ t }) => t <= until);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section class="talk" aria-label="Talk" tabIndex={0}>
      <header>
        <h2>Talk</h2>
        {state === undefined ? null : <span class={`doing ${state}`}>{state}</span>}
        <span class="quiet">
          {[
            writeMany(exchanges.length, 'exchange'),
            ...(median === undefined ? [] : [`reply heard after ${writeMs(median)} (median)`]),
            ...(cuts === 0 ? [] : [writeMany(cuts, 'interruption')]),
          ].join(' · ')}
        </span>
      </header>
      {media ? null : <p class="quiet">{WORDLESS}</p>}
      <Lanes
        lanes={lanes}
        marks={marks}
        levels={levels}
        first={picture.from}
        now={until ?? now}
        picked={picked}
        choose={choose}
      />
      <WaterfallKey />
      <Exchanges
        exchanges={exchanges}
        chosen={chosen}
        choose={choose}
        lookAt={lookAt}
        bar={(turn) => <Waterfall turn={turn} longest={longest} />}
        happened={
          picked && (
            <>
              <HappenedTable happened={happenedIn(picked, exchanges, marks, told)} pick={pick} />
              <TurnFramesTable frames={frames(picked.from, endOfExchange(picked, exchanges, marks))} pick={pick} />
            </>
          )
        }
      />
    </section>
  );
}

const WORDLESS =
  'Only who spoke when may be shown. For the words: inspector(graph, { media: true }), or SLUICE_INSPECT=media.';
