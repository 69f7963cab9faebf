// What the agent understands, and what it says to it.
import type { Message } from '@sluice/core/voice';
import { wordErrors } from '@sluice/scenario';
import { inWords, isCounting, lastNumberIn } from './numbers.ts';

/** A reply: something to say, or something to do, after which the model is asked again. */
export type Answer =
  | { readonly say: string }
  | { readonly tool: string; readonly arguments: Readonly<Record<string, unknown>>; readonly afterwards: string };

interface Rule {
  readonly sentences: readonly string[];
  readonly answer: (sentence: string, messages: readonly Message[]) => Answer;
}

const say = (text: string) => (): Answer => ({ say: text });
const seconds = ['five', 'ten', 'twenty', 'thirty'];

/** Counts in fives, so that every sentence is short, to ninety-nine. */
function countFrom(first: number): string {
  const lines: string[] = [];
  for (let number = first; number < 100; number += 5) {
    const group = Array.from({ length: Math.min(5, 100 - number) }, (_, i) => inWords(number + i));
    lines.push(`${group.join(', ')}.`);
  }
  return lines.join(' ');
}

/** Where the person stopped it: after the last number that they heard. */
function goOn(messages: readonly Message[]): Answer {
  const counted = messages.findLast(({ role, text }) => role === 'assistant' && isCounting(text));
  if (counted === undefined) return { say: 'I was not counting. Shall I count for you?' };
  return { say: countFrom(lastNumberIn(counted.text)! + 1) };
}

const rules: readonly Rule[] = [
  { sentences: ['hello', 'hello there', 'good morning'], answer: say('Hello. What can I do for you?') },
  {
    sentences: ['who are you', 'tell me about yourself'],
    answer: say(
      'I am an agent made with sluice. I hear with a grammar, I speak with a small voice, and nothing of me needs a network. ' +
        'Interrupt me whenever you like. I know to the word what you heard.',
    ),
  },
  {
    sentences: ['what can you do', 'what do you understand', 'help me'],
    answer: say('I can tell you about myself, count for you, set a timer, and play some music. Say stop, and I stop.'),
  },
  { sentences: ['count for me', 'please count for me'], answer: () => ({ say: countFrom(1) }) },
  { sentences: ['go on', 'please go on', 'continue'], answer: (_sentence, messages) => goOn(messages) },
  {
    sentences: seconds.map((number) => `set a timer for ${number} seconds`),
    answer: (sentence) => {
      const number = lastNumberIn(sentence)!;
      return {
        tool: 'set-timer',
        arguments: { seconds: number },
        afterwards: `A timer for ${inWords(number)} seconds is set.`,
      };
    },
  },
  {
    sentences: ['play some music', 'play music'],
    answer: () => ({ tool: 'music', arguments: { on: true }, afterwards: 'Here is some music. I can talk over it.' }),
  },
  {
    sentences: ['stop the music'],
    answer: () => ({ tool: 'music', arguments: { on: false }, afterwards: 'The music is off.' }),
  },
  { sentences: ['stop', 'wait', 'be quiet'], answer: say('Okay.') },
  { sentences: ['thank you', 'thank you very much'], answer: say('You are welcome.') },
  { sentences: ['goodbye', 'good bye'], answer: say('Goodbye. It was nice to talk to you.') },
];

/** Everything that it understands. */
export const sentences: readonly string[] = rules.flatMap((rule) => rule.sentences);

export const notUnderstood =
  'I did not understand that. You can ask who I am or what I can do. Say count for me, set a timer for ten seconds, or play some music.';

/** The answer to the last thing that a person said. */
export function answerTo(messages: readonly Message[]): Answer {
  const said = messages.findLast(({ role }) => role === 'user')?.text.toLowerCase() ?? '';
  const sentence = nearestSentence(said);
  const rule = rules.find((one) => sentence !== undefined && one.sentences.includes(sentence));
  return rule === undefined ? { say: notUnderstood } : rule.answer(sentence!, messages);
}

/** What was meant: a sentence, one that stands at the end, or one of which free speech got a word in four wrong. */
function nearestSentence(said: string): string | undefined {
  const exact = sentences.findLast((sentence) => said === sentence || said.endsWith(` ${sentence}`));
  if (exact !== undefined) return exact;
  return sentences.find((sentence) => wordErrors(sentence, said) <= sentence.split(' ').length / 4);
}
