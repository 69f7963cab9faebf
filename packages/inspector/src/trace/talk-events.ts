import type { TalkEntry, TalkLine, TalkTurn } from '@sluice/core/voice';
import type { TalkNews } from '../protocol/talk.ts';
import { pidOf, type Threads, type TraceEvent } from './trace-event.ts';

/** What was said: a thread for each voice, and one for the ways of replies. `micros` makes trace time of time since 1970. */
export function talkEvents(
  { graph, zero, entries }: TalkNews,
  threads: Threads,
  micros: (t: number) => number,
): TraceEvent[] {
  const on = (name: string) => ({ pid: pidOf(graph), tid: threads.of(graph, name) });
  const at = (ms: number) => micros(zero + ms);
  return entries.flatMap((entry: TalkEntry): TraceEvent[] => {
    if (entry.type === 'line') return lineEvents(entry, on, at);
    if (entry.type === 'turn') return turnEvents(entry, on('reply'), at);
    if (entry.type === 'speech' || entry.kind === 'state') return [];
    return [{ name: `${entry.kind} ${entry.text}`.trim(), ph: 'i', s: 't', ts: at(entry.atMs), ...on('agent') }];
  });
}

type Place = Pick<TraceEvent, 'pid' | 'tid'>;

function lineEvents(
  { who, speaker, text, startMs, endMs, interrupted, planned }: TalkLine,
  on: (name: string) => Place,
  at: (ms: number) => number,
): TraceEvent[] {
  if (startMs === undefined || endMs === undefined) return [];
  const place = on(who === 'agent' ? 'agent' : (speaker ?? who));
  const args = { ...(interrupted === undefined ? {} : { interrupted }), ...(planned === undefined ? {} : { planned }) };
  return [
    { name: text === '' ? 'speaks' : text, ph: 'X', ts: at(startMs), dur: at(endMs) - at(startMs), ...place, args },
  ];
}

/** Each stretch of the way from the last voiced sample to the first audible one. */
function turnEvents({ steps, asked }: TalkTurn, place: Place, at: (ms: number) => number): TraceEvent[] {
  return steps.slice(1).map(({ name, owner, atMs }, index) => {
    const from = steps[index]!.atMs;
    return { name: `${owner}: ${name}`, ph: 'X', ts: at(from), dur: at(atMs) - at(from), ...place, args: { asked } };
  });
}
