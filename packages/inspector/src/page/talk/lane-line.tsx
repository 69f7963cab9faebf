import type { TalkLine } from '@sluice/core/voice';

export interface LaneLineProps {
  readonly line: TalkLine;
  /** When the voice speaks again, or the lane ends: what is said may be written until there. */
  readonly until: number;
  /** Where a moment stands, in percent of the lane. */
  readonly place: (t: number) => number;
  /** Whether there is room for each word at its time. */
  readonly words: boolean;
  readonly picked: boolean;
  readonly choose: (key: string) => void;
}

/** What a voice said, where it said it. */
export function LaneLine({ line, until, place, words, picked, choose }: LaneLineProps) {
  const { id, startMs = 0, endMs = startMs, text, interrupted } = line;
  const [left, right] = [place(startMs), place(endMs)];
  const inside = (t: number) => `${(100 * (place(t) - left)) / Math.max(right - left, 0.01)}%`;
  return (
    <button
      type="button"
      class={`spoken ${interrupted === true ? 'cut' : ''} ${picked ? 'picked' : ''}`}
      style={{ left: `${left}%`, width: `${right - left}%` }}
      title={text}
      aria-pressed={picked}
      onClick={() => choose(keyOf(id))}
    >
      {words && line.words.length > 0 ? (
        line.words.map((word, index) => (
          <span key={`${word.startMs} ${index}`} class="word" style={{ left: inside(word.startMs) }}>
            {word.text}
          </span>
        ))
      ) : (
        <span class="text" style={{ width: inside(until) }}>
          {text === '' ? '…' : text}
        </span>
      )}
    </button>
  );
}

/** A reply is shown with what it replies to. */
const keyOf = (id: string) => id.replace(/^r(?=\d+$)/, 't');
