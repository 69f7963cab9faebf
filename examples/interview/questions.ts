// What the interviewer says: questions in order, each until it was heard and answered. Rules over what was heard alone.
import type { Message } from '@sluice/core/voice';

interface Question {
  readonly ask: string;
  /** Whether something said is an answer to it. Default: anything is. */
  readonly accepts?: RegExp;
  /** Said to what is none. */
  readonly hint?: string;
}

export const questions: readonly Question[] = [
  { ask: 'What is your name?' },
  {
    ask: 'How many years have you written programs?',
    accepts: /\b(one|two|three|four|five|six|seven|eight|nine|ten|\d+)\b/i,
    hint: 'A number, please.',
  },
  { ask: 'What was your hardest bug?' },
];

export const farewell = 'Thank you. You will hear from us.';

const pardon = /\b(pardon|repeat|again)\b/i;

export interface InterviewerOptions {
  /** Broken on purpose: takes a question for asked when it was thought of, whether or not anybody heard it. */
  readonly hasty?: boolean;
}

/** The next thing to say. The last message is the candidate's. */
export function nextLine(messages: readonly Message[], { hasty = false }: InterviewerOptions = {}): string {
  let next = 0;
  let welcomed = false;
  let line = '';
  for (const [index, { role, text }] of messages.entries()) {
    if (role !== 'user') continue;
    const said = messages.slice(0, index).findLast((one) => one.role === 'assistant')?.text ?? '';
    const asked = questions[next];
    const wasHeard = asked !== undefined && (hasty ? welcomed : said.includes(asked.ask));
    if (wasHeard && pardon.test(text) && !hasty) line = asked.ask;
    else if (wasHeard && asked.accepts?.test(text) === false) line = `${asked.hint} ${asked.ask}`;
    else {
      if (wasHeard) next++;
      line = questions[next]?.ask ?? farewell;
      if (!welcomed) line = `Welcome. ${line}`;
    }
    welcomed = true;
  }
  return line;
}
