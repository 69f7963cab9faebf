import { outOfRange } from '@sluice/core';
import { notAsExpected } from '../errors.ts';
import { timeToSilence } from '../measure/metrics.ts';
import type { Listener } from './listener.ts';

/** How long silence must last to be one, in milliseconds. */
const STILL_MS = 250;

/** What `Talk.expectSilenceWithin` does. */
export async function expectSilenceWithin({ context, person }: Listener, ms: number): Promise<void> {
  if (!(ms >= 0)) throw outOfRange('ms', 'at least 0 ms', ms);
  const line = context.said.findLast(({ who }) => who === person.name);
  if (line === undefined)
    throw notAsExpected('expectSilenceWithin', `${person.name} to have said something`, 'nothing');
  await context.waitUntil(line.startMs + ms + STILL_MS);
  const tookMs = timeToSilence(line, person.ear);
  context.note(person.name, `hears the agent for ${Math.round(tookMs)} ms more`, line.startMs + tookMs);
  if (tookMs > ms)
    throw notAsExpected(
      `expectSilenceWithin(${ms})`,
      `silence within ${ms} ms of ${JSON.stringify(line.text)}`,
      `${Math.round(tookMs)} ms`,
    );
}

/** What `Talk.expectSilence` does. */
export async function expectSilence({ context, person }: Listener, ms: number): Promise<void> {
  if (!(ms >= 0)) throw outOfRange('ms', 'at least 0 ms', ms);
  const fromMs = context.stage.now();
  await context.wait(ms);
  const soundMs = person.ear.firstSound(fromMs, fromMs + ms);
  if (soundMs !== undefined)
    throw notAsExpected(`expectSilence(${ms})`, 'silence', `sound after ${Math.round(soundMs - fromMs)} ms`);
}
