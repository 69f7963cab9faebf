import type { ToolCall } from '@sluice/core/voice';
import type { SpokenLine } from '../people/speaker.ts';

/** A line of a conversation that went on elsewhere: as it was heard, without times. */
export interface HistoryLine extends Pick<SpokenLine, 'who' | 'text' | 'speaker' | 'speakerName' | 'addressed' | 'to'> {
  /** The agent was cut short; `text` is what was heard of it. */
  readonly interrupted?: boolean;
  /** What a tool was asked. */
  readonly call?: ToolCall;
  /** The round in which the model asked a tool: several calls have the same. */
  readonly round?: string;
}

/**
 * A conversation so far as plain JSON, for whoever goes on with it: another process, or another day. Of an answer that was cut
 * short it has what was heard.
 */
export interface ConversationHistory {
  /** Of its form. */
  readonly version: 1;
  /** Oldest first. */
  readonly lines: readonly HistoryLine[];
  /** How many lines before them, or too large for it, are not in it. */
  readonly leftOut: number;
}

/** A form that is written is read for ever; another one gets another number. */
export const HISTORY_VERSION = 1;
/** Letters of its JSON: in any script less than a bot of a fleet may keep. */
const MOST_LETTERS = 80_000;
/** Of one line, or of what the tools of one round answered. */
const MOST_OF_ONE = MOST_LETTERS / 4;

/** The newest lines of a log, as many as its bound allows. What a model asked in one round stays together. */
export function historyOf(entries: readonly HistoryLine[]): ConversationHistory {
  const said = entries.filter(({ text, call }) => text !== '' || call !== undefined);
  const kept: HistoryLine[] = [];
  let letters = 0;
  for (let end = said.length; end > 0; ) {
    const { round } = said[end - 1]!;
    let from = end - 1;
    while (round !== undefined && said[from - 1]?.round === round) from--;
    const lines = said.slice(from, end).map(historyLine);
    const more = JSON.stringify(lines).length;
    end = from;
    if (more > MOST_OF_ONE) continue;
    if (letters + more > MOST_LETTERS) break;
    letters += more;
    kept.unshift(...lines);
  }
  return { version: HISTORY_VERSION, lines: kept, leftOut: said.length - kept.length };
}

function historyLine(entry: HistoryLine): HistoryLine {
  const { who, text, speaker, speakerName, addressed, to, interrupted, call, round } = entry;
  return {
    who,
    text,
    ...(speaker === undefined ? {} : { speaker }),
    ...(speakerName === undefined ? {} : { speakerName }),
    ...(addressed === undefined ? {} : { addressed }),
    ...(to === undefined ? {} : { to }),
    ...(interrupted === undefined ? {} : { interrupted }),
    ...(call === undefined ? {} : { call }),
    ...(round === undefined ? {} : { round }),
  };
}
