import type { Graph } from '@sluice/core';
import { type TalkEntry, type TalkStep, type TalkWord, talkOf } from '@sluice/core/voice';
import type { AgentEvent } from './agent-options.ts';
import type { LogEntry } from './conversation-log.ts';
import { tellTurn } from './tell-turn.ts';
import type { TurnTrace } from './turn-trace.ts';

/** Writes what an agent tells into the talk of its graph as well, for whoever looks at it, and tells the process of its turns. */
export function withTalk(graph: Graph, tell: (event: AgentEvent) => void): (event: AgentEvent) => void {
  const talk = talkOf(graph);
  return (event) => {
    const entry = entryOf(event, graph);
    if (entry !== undefined) talk.add(entry);
    tell(event);
  };
}

function entryOf(event: AgentEvent, graph: Graph): TalkEntry | undefined {
  const mark = (kind: Extract<TalkEntry, { type: 'mark' }>['kind'], text: string, atMs = graph.clock.now()) =>
    ({ type: 'mark', kind, text, atMs }) as const;
  switch (event.type) {
    case 'logged':
      return lineOf(event.entry);
    case 'trace':
      return turnOf(event.trace, tellTurn(graph, event.trace));
    case 'speech':
      return { type: 'speech', speaker: event.speaker, speaking: event.speaking, atMs: event.atMs };
    case 'state':
      return mark('state', event.state);
    case 'interrupted':
    case 'paused':
    case 'silent':
      return mark(event.type, event.by === undefined ? '' : `by ${event.by}`, event.atMs);
    case 'resumed':
    case 'apology':
      return mark(event.type, '', event.atMs);
    case 'switched':
      return mark('switched', `to ${event.change.to}`);
    case 'problem':
      return mark('problem', event.error.message);
    default:
      return undefined;
  }
}

function lineOf({ who, id, text, startMs, endMs, words, interrupted, planned, ...told }: LogEntry): TalkEntry {
  const speaker = told.call?.name ?? told.speakerName ?? told.speaker;
  return {
    type: 'line',
    id,
    who,
    text,
    words: wordsOf(words, startMs),
    ...(speaker === undefined ? {} : { speaker }),
    ...(startMs === undefined ? {} : { startMs }),
    ...(endMs === undefined ? {} : { endMs }),
    ...(interrupted === undefined ? {} : { interrupted }),
    ...(planned === undefined ? {} : { planned }),
    ...(told.heardMs === undefined ? {} : { heardMs: told.heardMs }),
    ...(told.droppedMs === undefined ? {} : { droppedMs: told.droppedMs }),
  };
}

/** Words of people stand in the time of their sound: the first begins with the line. */
function wordsOf(words: LogEntry['words'], startMs = 0): TalkWord[] {
  const [first] = words;
  const shift = first !== undefined && 'start' in first ? startMs - first.start / 1_000 : 0;
  return words.map((word) =>
    'start' in word
      ? { text: word.text, startMs: shift + word.start / 1_000, endMs: shift + word.end / 1_000 }
      : { text: word.text, startMs: word.startMs, endMs: word.endMs },
  );
}

function turnOf(trace: TurnTrace, traceId: string | undefined): TalkEntry {
  const { id, voicedEndMs, interrupted } = trace;
  const steps: TalkStep[] = [];
  const add = (name: string, owner: string, atMs: number | undefined) => {
    if (atMs !== undefined && atMs >= voicedEndMs) steps.push({ name, owner, atMs });
  };
  add('last voiced', 'turn', voicedEndMs);
  add('final text', 'turn', trace.finalTextMs);
  add('turn decided', 'turn', trace.decidedMs);
  add('reply begun', 'turn', trace.begunMs);
  add('first token', 'model', trace.firstTokenMs);
  add('first sentence', 'sentence', trace.firstSentenceMs);
  add('first audio', 'synthesizer', trace.firstByteMs);
  add('first audible', 'device', trace.firstAudibleMs);
  steps.sort((a, b) => a.atMs - b.atMs);
  return { type: 'turn', asked: `t${id}`, reply: `r${id}`, steps, interrupted, ...(traceId && { traceId }) };
}
