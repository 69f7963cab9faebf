import { useMemo, useState } from 'preact/hooks';
import { seriesOf } from '../figures/series.ts';
import { writeAgo, writeTime } from '../figures/written.ts';
import type { PickedPart } from '../graph/picked-part.ts';
import type { Store } from '../link/store.ts';
import { STRIP_WIDTH, Strip } from '../strips/strip.tsx';
import { useStore } from './view.ts';

/** How much is drawn at choice, and how far apart the steps of the handle are, in milliseconds. */
const ranges = [
  { minutes: 2, spanMs: 120_000, stepMs: 1_000 },
  { minutes: 15, spanMs: 900_000, stepMs: 5_000 },
] as const;
const [SHORT, LONG] = ranges;
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
  const [chosen, choose] = useState<(typeof ranges)[number]>(SHORT);
  const link = picked?.kind === 'link' ? picked.id : undefined;
  const end = last?.sample.t ?? 0;
  // What is looked at is always in view.
  const range = looksAt !== undefined && looksAt < end - chosen.spanMs ? LONG : chosen;
  const { spanMs, stepMs } = store.keepsAll
    ? { spanMs: Math.max(end - (past.moments[0]?.sample.t ?? end), 1_000), stepMs: SHORT.stepMs }
    : range;
  const xOf = (t: number) => Math.max(0, STRIP_WIDTH * (1 - (end - t) / spanMs));
  const { moments, series, xs } = useMemo(() => {
    const before = past.moments.findLastIndex(({ sample }) => sample.t < end - spanMs);
    const moments = past.moments.slice(Math.max(before, 0));
    return { moments, series: seriesOf(moments, graph, link), xs: moments.map(({ sample }) => xOf(sample.t)) };
  }, [last, graph, link, spanMs]);
  if (last === undefined) return null;
  const moment = looksAt === undefined ? last : (past.at(looksAt) ?? last);
  const told =
    looksAt === undefined
      ? store.keepsAll
        ? 'the end'
        : 'live'
      : `${writeTime(moment.sample.t)}, ${writeAgo(end - moment.sample.t)}`;
  // No more than can be told apart: a session may have very many.
  const events = new Map(
    happened
      .filter((event) => event.graph === graph && event.t >= end - spanMs && event.t <= end)
      .map(({ t, kind }) => [`${Math.round(xOf(t))} ${kind}`, { x: xOf(t), kind }] as const),
  );
  return (
    <section class="time" aria-label="Time">
      <header>
        <h2>{link ?? 'All links'}</h2>
        {store.keepsAll ? (
          <span class="quiet">the last {writeAgo(spanMs).replace(' ago', '')}</span>
        ) : (
          ranges.map((one) => (
            <button
              key={one.minutes}
              type="button"
              aria-pressed={one === range}
              onClick={() => {
                choose(one);
                if (looksAt !== undefined && looksAt < end - one.spanMs) store.lookAt(undefined);
              }}
            >
              last {one.minutes} min
            </button>
          ))
        )}
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
            {[...events].map(([key, { x, kind }]) => (
              <rect key={key} class={kind} x={x} width="2" height="10" />
            ))}
          </svg>
          <span class="value" />
        </div>
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={told}
          min={end - spanMs}
          max={end}
          step={stepMs}
          value={looksAt ?? end}
          onInput={({ currentTarget }) => {
            const t = Number(currentTarget.value);
            store.lookAt(t > end - stepMs ? undefined : t + NEAR_MS);
          }}
        />
      </div>
    </section>
  );
}
