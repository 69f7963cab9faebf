import type { Message } from '@sluice/core/voice';

/** What it says first. */
export const greeting = 'Hello. Ask me who I am, or let me count for you.';

/** What it understands, each with what it says to that. */
const answers: Readonly<Record<string, string>> = {
  hello: 'Hello. What can I do for you?',
  'who are you': 'I am an agent made with sluice. Interrupt me whenever you like.',
  'count for me': 'One, two, three, four, five. Six, seven, eight, nine, ten.',
  stop: 'Okay.',
  goodbye: 'Goodbye. It was nice to talk to you.',
};

/** The sentences that the recogniser listens for. */
export const sentences: readonly string[] = Object.keys(answers);

/** The reply to a conversation so far: what was said last decides. */
export function answerTo(messages: readonly Message[]): string {
  const said = messages.at(-1)?.text.toLowerCase() ?? '';
  return answers[said] ?? `I understand: ${sentences.join(', ')}.`;
}
