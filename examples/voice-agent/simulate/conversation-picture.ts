import type { Color } from '../../demo/canvas.ts';
import { drawWaveforms, type Mark } from '../../demo/waveform-picture.ts';
import type { Measured } from './measure-conversation.ts';

const turnColor: Color = [66, 153, 225];
const interruptionColor: Color = [229, 62, 62];

/**
 * Both voices on one time axis. Marked: with the person, blue, the wait from the last voiced sample to the first audible one
 * of the reply; with the agent, red, the time from an interruption to silence.
 */
export function drawConversation({ person, agent, report, interruptions }: Measured): Buffer {
  const waits = report.turns.flatMap(({ voicedEndMs, firstAudibleMs }): Mark[] =>
    firstAudibleMs === null
      ? []
      : [{ row: 0, from: voicedEndMs / 1_000, to: firstAudibleMs / 1_000, color: turnColor }],
  );
  const cuts = interruptions.map(
    ({ fromMs, toMs }): Mark => ({ row: 1, from: fromMs / 1_000, to: toMs / 1_000, color: interruptionColor }),
  );
  const labels = ['person', 'agent'] as const;
  return drawWaveforms(person.samples, agent.samples, person.sampleRate, { labels, marks: [...waits, ...cuts] });
}
