import type { TalkLine, TalkTurn } from '@sluice/core/voice';
import type { ComponentChildren } from 'preact';
import { type Exchange, lostOf } from '../figures/talk-picture.ts';
import { writeMs, writeTime } from '../figures/written.ts';
import { StepTable } from './waterfall.tsx';

export interface ExchangesProps {
  readonly exchanges: readonly Exchange[];
  readonly chosen: string | undefined;
  readonly choose: (key: string | undefined) => void;
  readonly lookAt: (t: number) => void;
  readonly bar: (turn: TalkTurn) => ComponentChildren;
  /** What happened in the time of the one that is chosen. */
  readonly happened: ComponentChildren;
}

/** Lines that are shown: those before are in the session's file. */
const MOST_SHOWN = 200;

/** What was said, the newest first: question, reply, waterfall; the one that is chosen with all its steps. */
export function Exchanges({ exchanges, chosen, choose, lookAt, bar, happened }: ExchangesProps) {
  if (exchanges.length === 0) return <p class="quiet">Nothing has been said yet.</p>;
  return (
    <ol class="exchanges" aria-label="What was said">
      {exchanges
        .slice(-MOST_SHOWN)
        .reverse()
        .map(({ key, asked, reply, turn, from }) => (
          <li key={key} class={key === chosen ? 'chosen' : ''} data-exchange={key}>
            <div class="said">
              <button
                type="button"
                class="plain when"
                aria-expanded={key === chosen}
                aria-label={`Exchange at ${writeTime(from)}`}
                onClick={() => choose(key === chosen ? undefined : key)}
              >
                {writeTime(from)}
              </button>
              <div>
                {asked === undefined ? null : <Line line={asked} />}
                {reply === undefined ? null : <Line line={reply} />}
              </div>
              {turn === undefined ? <span /> : bar(turn)}
            </div>
            {key !== chosen ? null : (
              <div class="more">
                {turn === undefined ? null : <StepTable turn={turn} />}
                {turn?.traceId === undefined ? null : (
                  <p>
                    Trace <code>{turn.traceId}</code>
                  </p>
                )}
                {happened}
                <button type="button" onClick={() => lookAt(turn?.steps.at(-1)?.atMs ?? from)}>
                  Show the graph at this moment
                </button>
              </div>
            )}
          </li>
        ))}
    </ol>
  );
}

function Line({ line }: { readonly line: TalkLine }) {
  const { who, speaker, text, startMs, endMs, interrupted, droppedMs } = line;
  const lost = lostOf(line);
  const heardMs = line.heardMs ?? (startMs === undefined || endMs === undefined ? 0 : endMs - startMs);
  return (
    <p class={`line ${who}`}>
      <strong>{speaker ?? who}</strong>
      <span>
        {text === '' ? <span class="quiet">{interrupted === true ? 'nothing of it was heard' : '…'}</span> : text}
        {interrupted !== true ? null : (
          <>
            <span class="cut">{cutTold(heardMs, droppedMs)}</span>
            {lost === undefined ? null : (
              <span class="lost-words">
                <span class="quiet">not heard: </span>
                <del>{lost}</del>
              </span>
            )}
          </>
        )}
      </span>
    </p>
  );
}

/** How much of what was cut was heard, and how much sound was made for nothing. */
function cutTold(heardMs: number, droppedMs: number | undefined): string {
  const dropped = droppedMs === undefined ? '' : `, ${writeMs(droppedMs)} dropped`;
  return `✂ cut after ${writeMs(heardMs)}${dropped}`;
}
