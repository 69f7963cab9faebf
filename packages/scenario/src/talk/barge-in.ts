import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { notAsExpected } from '../errors.ts';
import type { SaidLine } from '../measure/said-line.ts';
import { type ExpectOptions, within } from './expect-options.ts';
import { type Listener, understood } from './listener.ts';
import { checkLooked, hasWords } from './log-lines.ts';

/** When to speak under the agent's voice. */
export type BargeInMoment =
  /** So long after the first sample of its voice at the ear, to the sample. */
  | {
      /** Milliseconds of its voice that are heard before. */
      readonly afterMs: number;
    }
  /** As soon as the ear has understood a word; the scenario needs an `ear`. */
  | {
      /** As the ear writes it. */
      readonly word: string;
    };

/** What `Talk.bargeInAt` does. */
export async function bargeInAt(
  listener: Listener,
  moment: BargeInMoment,
  text: string,
  options: ExpectOptions,
): Promise<SaidLine> {
  const { context, person } = listener;
  const withinMs = within('bargeInAt', options);
  const { samples } = await context.render(person.name, text);
  const atMs = await momentOf(listener, moment, withinMs);
  return context.speak(person, text, samples, atMs, true);
}

async function momentOf(listener: Listener, moment: BargeInMoment, withinMs: number): Promise<number> {
  const { context, person } = listener;
  const { ear } = person;
  checkKeys<{ afterMs?: number; word?: string }>('bargeInAt', moment, { afterMs: true, word: true });
  if ('afterMs' in moment) {
    if (!(moment.afterMs >= 0)) throw outOfRange('afterMs', 'at least 0 ms', moment.afterMs);
    const now = context.stage.now();
    const stretch = await context.until(() => ear.stretches.find(({ endMs }) => endMs > now - 50), withinMs);
    if (stretch === undefined) throw notAsExpected('bargeInAt', 'the agent to speak', 'silence');
    await context.waitUntil(stretch.startMs + moment.afterMs - 200);
    return stretch.startMs + moment.afterMs;
  }
  checkLooked(moment.word);
  if (!ear.understands)
    throw invalidArgument('bargeInAt.word', 'a scenario with an ear: { ear: toneRecognizer() }', moment.word);
  const from = listener.heardMs;
  const word = await context.until(
    () => ear.words.find(({ text, startMs }) => startMs >= from && hasWords(text, moment.word)),
    withinMs,
  );
  if (word === undefined)
    throw notAsExpected('bargeInAt', `the agent to say ${JSON.stringify(moment.word)}`, understood(ear.words));
  listener.heardMs = word.endMs;
  return context.stage.now();
}
