import type { TalkMark } from '@sluice/core/voice';
import { useState } from 'preact/hooks';
import type { Exchange, Lane } from '../figures/talk-picture.ts';
import type { VoiceLevel } from '../figures/voice-levels.ts';
import { writeTime } from '../figures/written.ts';
import { Envelope } from './envelope.tsx';
import { LaneLine } from './lane-line.tsx';

export interface LanesProps {
  readonly lanes: readonly Lane[];
  readonly marks: readonly TalkMark[];
  readonly levels: (lane: Lane) => readonly VoiceLevel[];
  /** When the talk began, and the newest moment. */
  readonly first: number;
  readonly now: number;
  readonly picked: Exchange | undefined;
  readonly choose: (key: string | undefined) => void;
}

/** What the width may mean, in seconds. */
const widths = [10, 30, 120] as const;
/** What may be seen of the time before and behind an exchange, in milliseconds. */
const MARGIN_MS = 1_500;
/** Narrower than that each word has its place. */
const WORDS_MS = 12_000;
/** Windows that have no room for words, in pixels. */
const NARROW = 760;

/** A lane for each voice: when it was heard, what it said, and where it was cut. */
export function Lanes({ lanes, marks, levels, first, now, picked, choose }: LanesProps) {
  const [seconds, setSeconds] = useState<(typeof widths)[number]>(30);
  const [moved, setMoved] = useState<number>();
  const [seen, setSeen] = useState<string>();
  if (picked?.key !== seen) {
    setSeen(picked?.key);
    setMoved(picked === undefined ? undefined : picked.from - MARGIN_MS);
  }
  const span = 1_000 * seconds;
  const latest = Math.max(now - span, 0);
  const from = moved === undefined ? latest : Math.min(moved, latest);
  const place = (t: number) => (100 * (t - from)) / span;
  const isIn = (start: number, end: number) => end >= from && start <= from + span;
  const move = (by: number) => {
    const to = Math.max(from + by, Math.min(first - MARGIN_MS, latest));
    setMoved(to >= latest ? undefined : to);
  };
  return (
    <section class="lanes" aria-label="Voices over time">
      <header>
        <button type="button" aria-label="Earlier" title="Earlier" onClick={() => move(-span / 2)}>
          ←
        </button>
        <button type="button" aria-label="Later" title="Later" onClick={() => move(span / 2)}>
          →
        </button>
        {widths.map((width) => (
          <button key={width} type="button" aria-pressed={seconds === width} onClick={() => setSeconds(width)}>
            {width < 60 ? `${width} s` : `${width / 60} min`}
          </button>
        ))}
        <span class="quiet">{`${writeTime(from)} to ${writeTime(from + span)}`}</span>
        <span class="space" />
        {moved === undefined ? null : (
          <button type="button" onClick={() => setMoved(undefined)}>
            Newest
          </button>
        )}
      </header>
      {lanes.map((lane) => (
        <div key={lane.name} class={`lane ${lane.agent ? 'own' : ''}`}>
          <span class="name">{lane.name}</span>
          <div class="track">
            <Envelope levels={levels(lane)} from={from} span={span} />
            {lane.voiced
              .filter((one) => isIn(one.from, one.to ?? now))
              .map((one) => (
                <span
                  key={one.from}
                  class={`voiced ${one.to === undefined ? 'open' : ''}`}
                  style={{ left: `${place(one.from)}%`, width: `${place(one.to ?? now) - place(one.from)}%` }}
                />
              ))}
            {lane.lines
              .filter(({ startMs = 0, endMs = startMs }) => isIn(startMs, endMs))
              .map((line, index, all) => (
                <LaneLine
                  key={line.id}
                  line={line}
                  until={Math.min(all[index + 1]?.startMs ?? Number.POSITIVE_INFINITY, from + span)}
                  place={place}
                  words={span <= WORDS_MS && innerWidth > NARROW}
                  picked={picked?.asked?.id === line.id || picked?.reply?.id === line.id}
                  choose={choose}
                />
              ))}
            {marks
              .filter(({ atMs, kind }) => shown.has(kind) && isIn(atMs, atMs))
              .map(({ atMs, kind, text }) => (
                <span
                  key={`${kind} ${atMs}`}
                  class={`mark ${kind}`}
                  style={{ left: `${place(atMs)}%` }}
                  title={`${kind} ${text}`}
                />
              ))}
          </div>
        </div>
      ))}
      <div class="axis" aria-hidden="true">
        {ticksOf(from, span).map((t) => (
          <span key={t} style={{ left: `${place(t)}%` }}>
            {writeTime(t).slice(0, -2)}
          </span>
        ))}
      </div>
    </section>
  );
}

const shown: ReadonlySet<string> = new Set(['interrupted', 'paused', 'resumed']);

/** Six or so round seconds. */
function ticksOf(from: number, span: number): readonly number[] {
  const every = span / 6 > 10_000 ? 20_000 : span / 6 > 2_000 ? 5_000 : 2_000;
  const ticks: number[] = [];
  for (let t = Math.ceil(from / every) * every; t < from + 0.94 * span; t += every) ticks.push(t);
  return ticks;
}
