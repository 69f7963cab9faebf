import { setTimeout as sleep } from 'node:timers/promises';
import { SESSION_FORMAT, SessionWriter } from '@sluice/core/session';
import { type InspectMessage, type RecordInspectionOptions, recordInspection } from '../../src/index.ts';
import { beginToSpeak, SPOKEN_MS } from './spoken.ts';

/** Virtual time in one step of the real one, in milliseconds. */
const STEP_MS = 50;

/**
 * Writes half a minute of talk into a session's file, as it is looked at meanwhile. With `paceMs` 50 virtual time goes as fast
 * as the real one, by which samples are taken: so talk.sluice was made, which tests of the page open.
 */
export async function makeSession(file: string, paceMs: number, options: RecordInspectionOptions): Promise<void> {
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
    await sleep(paceMs);
  }
  stop();
  await writer.close();
}
