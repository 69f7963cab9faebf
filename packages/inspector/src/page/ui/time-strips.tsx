import { useMemo } from 'preact/hooks';
import { seriesOf } from '../figures/series.ts';
import { writeAgo, writeTime } from '../figures/written.ts';
import type { PickedPart } from '../graph/picked-part.ts';
import type { Store } from '../link/store.ts';
import { STRIP_WIDTH, Strip } from '../strips/strip.tsx';
import { useStore } from './view.ts';

/** How much is drawn at least and at most, in milliseconds. */
const LEAST_MS = 60_000;
const MOST_MS = 300_000;
/** Moments are not a second apart to the millisecond: one that comes so soon is the one that is meant. */
const NEAR_MS = 300;

export interface TimeStripsProps {
  readonly store: Store;
  readonly graph: number;
  readonly picked: PickedPart | undefined;
}

/** The last minutes as curves, with a handle that takes the whole page back to one of their moments. */
export function TimeStrips({ store, graph, picked }: TimeStripsProps) {
  const [past, last, looksAt, happened] = useStore(store, ({ past, looksAt, events }) => [
    past,
    past.moments.at(-1),
    looksAt,
    events,
  ]);
  const { moments } = past;
  const link = picked?.kind === 'link' ? picked.id : undefined;
  const end = last?.sample.t ?? 0;
  const span = Math.min(
    Math.max(end - (moments[0]?.sample.t ?? end), store.keepsAll ? 1_000 : LEAST_MS),
    store.keepsAll ? Number.POSITIVE_INFINITY : MOST_MS,
  );
  const xOf = (t: number) => Math.max(0, STRIP_WIDTH * (1 - (end - t) / span));
  const [series, xs] = useMemo(
    () => [seriesOf(moments, graph, link), moments.map(({ sample }) => xOf(sample.t))] as const,
    [last, graph, link],
  );
  if (last === undefined) return null;
  const moment = looksAt === undefined ? last : (past.at(looksAt) ?? last);
  const told =
    looksAt === undefined
      ? store.keepsAll
        ? 'the end'
        : 'live'
      : `${writeTime(moment.sample.t)}, ${writeAgo(end - moment.sample.t)}`;
  const events = happened.filter((event) => event.graph === graph && event.t >= end - span && event.t <= end);
  return (
    <section class="time" aria-label="Time">
      <header>
        <h2>{link ?? 'All links'}</h2>
        <span class="quiet">the last {writeAgo(span).replace(' ago', '')}</span>
        <span class="space" />
        <span>{told}</span>
        {looksAt === undefined ? null : (
          <button type="button" onClick={() => store.lookAt(undefined)}>
            {store.keepsAll ? 'To the end' : 'Back to now'}
          </button>
        )}
      </header>
      <div class="strips">
        {series.map((one) => (
          <Strip key={one.name} series={one} xs={xs} index={moments.indexOf(moment)} />
        ))}
        <div class="strip marks" aria-hidden="true">
          <span class="quiet">Events</span>
          <svg viewBox={`0 0 ${STRIP_WIDTH} 10`} preserveAspectRatio="none">
            <title>What happened</title>
            {events.map(({ t, kind }, index) => (
              <rect key={`${t} ${index}`} class={kind} x={xOf(t)} width="2" height="10" />
            ))}
          </svg>
          <span class="value" />
        </div>
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={told}
          min={end - span}
          max={end}
          step={1_000}
          value={looksAt === undefined ? end : moment.sample.t}
          onInput={({ currentTarget }) => {
            const t = Number(currentTarget.value);
            store.lookAt(t > end - 1_000 ? undefined : t + NEAR_MS);
          }}
        />
      </div>
    </section>
  );
}
