import type { Stage } from '../stage/stage.ts';
import { showWhole } from './log-lines.ts';
import type { Moment } from './timeline.ts';

/** What the agent told and what people's ears got of it, for the timeline of a run. */
export function momentsOf({ events, people }: Stage): Moment[] {
  const told = events.flatMap(({ atMs, event }): Moment[] => {
    switch (event.type) {
      case 'turn':
        return [
          {
            atMs,
            who: 'agent',
            what: `takes for a turn${event.speaker === 'person' ? '' : ` of ${event.speaker}`}: ${JSON.stringify(event.turn.text)}`,
          },
        ];
      case 'speaker-joined':
      case 'speaker-left':
        return [
          {
            atMs,
            who: 'agent',
            what: `${event.type === 'speaker-joined' ? 'hears' : 'hears no more of'} ${event.speaker.name ?? event.speaker.id}`,
          },
        ];
      case 'logged':
        return [{ atMs, who: 'log', what: showWhole(event.entry) }];
      case 'problem':
        return [{ atMs, who: 'problem', what: event.error.message }];
      case 'paused':
      case 'resumed':
      case 'interrupted':
        return [{ atMs, who: 'agent', what: `is ${event.type}` }];
      default:
        return [];
    }
  });
  const heard = [...people.values()].flatMap(({ name, ear }) =>
    ear.stretches.map(({ startMs, endMs }): Moment => {
      const words = ear.words.filter((word) => word.startMs >= startMs - 50 && word.endMs <= endMs + 50);
      const said = words.length === 0 ? '' : `: ${JSON.stringify(words.map(({ text }) => text).join(' '))}`;
      return { atMs: startMs, who: name, what: `hears the agent for ${Math.round(endMs - startMs)} ms${said}` };
    }),
  );
  return [...told, ...heard];
}
