import type { Message } from '@sluice/core/voice';
import { numbersIn } from './spoken-words.ts';

/** What a model was told of the past, with the words that the log had by then. */
export interface ToldPast {
  readonly messages: readonly Message[];
  readonly log: string;
}

/** Words that a model was told of, though nobody had heard them. */
export function brokenMemory(told: readonly ToldPast[]): string[] {
  const broken: string[] = [];
  for (const { messages, log } of told) {
    const known = new Set(numbersIn(log));
    for (const message of messages)
      if (message.role === 'assistant' && message.calls === undefined)
        for (const number of numbersIn(message.text))
          if (!known.has(number)) broken.push(`the model was told of w${number}, which is not in the log`);
  }
  return broken;
}
