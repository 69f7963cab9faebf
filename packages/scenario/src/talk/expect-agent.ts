import { notAsExpected } from '../errors.ts';
import { type ExpectOptions, within } from './expect-options.ts';
import { type ExpectedLine, isExpected, showExpected, showWhole } from './log-lines.ts';
import type { TalkContext } from './talk-context.ts';

/** What `Talk.expectLog` does. */
export async function expectLog(
  context: TalkContext,
  lines: readonly ExpectedLine[],
  options: ExpectOptions,
): Promise<void> {
  const withinMs = within('expectLog', options);
  const entries = () => context.stage.agent.log.entries.filter(({ text }) => text !== '');
  const isSo = () => {
    const are = entries();
    return are.length === lines.length && lines.every((line, index) => isExpected(are[index]!, line));
  };
  const soon = await context.until(isSo, withinMs);
  if (soon === undefined)
    throw notAsExpected(
      `expectLog: not within ${withinMs} ms`,
      lines.map(showExpected).join(' | '),
      entries().map(showWhole).join(' | '),
    );
}

/** What `Talk.expectListening` does. */
export async function expectListening(context: TalkContext, options: ExpectOptions): Promise<void> {
  const withinMs = within('expectListening', options);
  const soon = await context.until(() => context.stage.agent.state.state === 'listening', withinMs);
  if (soon === undefined)
    throw notAsExpected(
      `expectListening: not within ${withinMs} ms`,
      'an agent that listens',
      context.stage.agent.state.state,
    );
}
