import { SESSION_FORMAT, SessionWriter } from '@sluice/core/session';
import { type InspectMessage, type RecordInspectionOptions, recordInspection } from '../../src/index.ts';
import { beginToSpeak, SPOKEN_MS } from './spoken.ts';

/** Virtual time in one step, in milliseconds. */
const STEP_MS = 50;

/**
 * Writes half a minute of talk into a session's file, as it is looked at meanwhile. `passMs` lets the time pass by which it is looked
 * at: talk.sluice, which tests of the page open, was made with `vi.advanceTimersByTime` on faked `setInterval`, `performance` and
 * `Date`, so that no machine is too slow for it.
 */
export async function makeSession(
  file: string,
  passMs: (ms: number) => unknown,
  options: RecordInspectionOptions,
): Promise<void> {
  await using talk = await beginToSpeak();
  const writer = await SessionWriter.open(file);
  writer.begin({
    format: SESSION_FORMAT,
    versions: { node: 'v20.19.0', core: '0.0.0' },
    graph: { name: 'agent', shape: [], hash: '' },
    startedAt: '2026-01-01T09:00:00.000Z',
    sound: false,
    text: options.words === true,
  });
  const write = (message: InspectMessage) => {
    // What is the machine's is in no file that is kept.
    const told = message.type === 'hello' ? { ...message, pid: 1, program: 'agent.js' } : message;
    writer.add('inspect', JSON.stringify({ at: 0, message: told }));
  };
  const stop = recordInspection(talk.bot, write, options);
  for (let at = 0; at < SPOKEN_MS; at += STEP_MS) {
    await talk.clock.advance(STEP_MS);
    await passMs(STEP_MS);
  }
  stop();
  await writer.close();
}
