import { invalidArgument, outOfRange } from '@sluice/core';
import { notAsExpected } from '../errors.ts';
import { hearEntry } from '../measure/log-against-ear.ts';
import { wordErrorsWithin, wordsOf } from '../measure/word-errors.ts';
import { type ExpectOptions, within } from './expect-options.ts';
import { type Listener, understood } from './listener.ts';
import { checkLooked, hasWords, showEntry } from './log-lines.ts';

/** How long to wait for what is said, and how many words may be wrong. */
export interface ExpectHeardOptions extends ExpectOptions {
  /** Share of the words that the ear may have wrong, 0 to 1, for ears that mishear. The log must have them all. Default 0. */
  readonly wordErrors?: number;
}

/** What the agent's voice may take to an ear, in milliseconds. */
const WAY_MS = 1_000;
/** What an ear may take to understand, in milliseconds. */
const UNDERSTOOD_MS = 2_000;

/** What `Talk.expectHeard` does. */
export async function expectHeard(
  step: string,
  listener: Listener,
  looked: string | RegExp,
  options: ExpectHeardOptions,
): Promise<void> {
  checkLooked(looked);
  const { wordErrors = 0, ...rest } = options;
  const withinMs = within('expectHeard', rest);
  if (!(wordErrors >= 0 && wordErrors < 1)) throw outOfRange('wordErrors', 'at least 0, less than 1', wordErrors);
  if (wordErrors > 0 && looked instanceof RegExp) throw invalidArgument('expectHeard with wordErrors', 'words', looked);
  const { context, person } = listener;
  const found = await context.until(() => {
    const entries = context.agentEntries.slice(listener.nextEntry);
    const one = entries.findIndex(({ text }) => hasWords(text, looked));
    if (one >= 0) return { entries: [entries[one]!], next: listener.nextEntry + one + 1 };
    const all = hasWords(entries.map(({ text }) => text).join(' '), looked);
    return all && { entries, next: listener.nextEntry + entries.length };
  }, withinMs);
  if (found === undefined) {
    const since = context.agentEntries.slice(listener.nextEntry).map(showEntry);
    throw notAsExpected(
      `${step}: not within ${withinMs} ms`,
      `the agent to say ${looked}`,
      since.join(' | ') || 'nothing',
    );
  }
  listener.nextEntry = found.next;
  for (const entry of found.entries) {
    const { ear } = person;
    const { startMs } = context.stage;
    const heard = () => hearEntry(entry, ear, startMs);
    // The way to the ear is not in the log, and the ear has it later.
    const endMs = (entry.endMs ?? startMs) - startMs + WAY_MS;
    await context.until(() => heard().silentWords.length === 0, Math.max(0, endMs - context.stage.now()));
    const { wayMs, silentWords } = heard();
    if (silentWords.length > 0)
      throw notAsExpected(
        `${step}: the log says what ${person.name} did not hear`,
        `sound where the log has ${silentWords.map((word) => JSON.stringify(word)).join(', ')}`,
        wayMs === undefined ? 'silence all along' : 'silence there',
      );
  }
  await expectUnderstood(listener, step, looked, wordErrors);
}

async function expectUnderstood(
  listener: Listener,
  step: string,
  looked: string | RegExp,
  wordErrors: number,
): Promise<void> {
  const { context, person } = listener;
  const { ear } = person;
  if (!ear.understands) return;
  const from = listener.heardMs;
  const words = () => ear.words.filter(({ startMs }) => startMs >= from);
  const isUnderstood = (text: string) =>
    typeof looked === 'string' && wordErrors > 0
      ? wordErrorsWithin(looked, text) <= wordErrors * wordsOf(looked).length
      : hasWords(text, looked);
  const soon = await context.until(() => {
    const are = words();
    return isUnderstood(understood(are)) && are;
  }, UNDERSTOOD_MS);
  if (soon === undefined)
    throw notAsExpected(
      `${step}: ${person.name}'s ear understood something else than the log says`,
      wordErrors === 0 ? `${looked}` : `${looked}, at most ${Math.round(100 * wordErrors)} % of the words wrong`,
      understood(words()) || 'nothing',
    );
  listener.heardMs = soon.at(-1)?.endMs ?? from;
}
