import { realClock, sleep } from '@sluice/core';
import { brokenMemory } from '../memory.ts';
import { numbersIn } from '../spoken-words.ts';
import { lettersInCommon } from './letters-in-common.ts';
import type { RealPerson } from './real-person.ts';
import type { RealTalk } from './real-talk.ts';

/** How long the agent may take to come to rest after all faults, in milliseconds: every bound once, one after the other. */
const REST_MS = 20_000;
/** How long the answer to a turn may take and sound, in milliseconds, on a machine that has other things to do as well. */
const ANSWER_MS = 12_000;
/** Of the letters of a word: a pause in its middle, or a packet that came late, takes some. */
const MOST_OF_IT = 0.6;
/** How long the last word is under way to a person, in milliseconds. */
const WAY_MS = 1_500;
/** How long a word with a number sounds, in milliseconds. */
const WORD_MS = 300;

async function within(ms: number, done: () => boolean): Promise<boolean> {
  const until = realClock.now() + ms;
  while (!done() && realClock.now() < until) await sleep(realClock, 20);
  return done();
}

/** Lets Ann say a turn when all faults are over, and tells every law of life that the agent has broken. */
export async function checkCall(talk: RealTalk): Promise<string[]> {
  const { ann } = talk;
  const { agent, faults } = talk.agent;
  const broken: string[] = [];
  await talk.endFaults();
  const rests = () => agent.state.state === 'listening';
  if (!(await within(REST_MS, rests)) && agent.state.state !== 'speaking')
    broken.push(`still ${agent.state.state} after ${REST_MS} ms`);
  // The last word of a slow recogniser comes meanwhile: faults are over only then.
  await sleep(realClock, 2_500);
  const before = agent.log.entries.length;
  ann.speak('so what now');
  const answer = () =>
    agent.log.entries.slice(before).find(({ who, text }) => who === 'agent' && text.startsWith('To now'));
  const answered = await within(ANSWER_MS, () => answer() !== undefined);
  const entry = answer();
  if (!answered || entry === undefined) broken.push(`no answer, ${agent.state.state}`);
  else if (numbersIn(entry.text).length !== 6) broken.push(`half an answer: ${entry.text}`);
  if (!(await within(REST_MS, rests))) broken.push(`${agent.state.state} after the answer`);
  await sleep(realClock, WAY_MS);
  // What waited for a pause was said meanwhile.
  await within(REST_MS, rests);
  await sleep(realClock, WAY_MS / 5);
  ann.heard.finish();
  talk.bob.heard.finish();
  broken.push(
    ...brokenMemory(talk.agent.told),
    ...unheard(talk, ann),
    ...unlogged(talk, ann),
    ...unlogged(talk, talk.bob),
  );
  const answerNumbers = numbersIn(entry?.text ?? '');
  const heard = new Set(ann.heard.numbers.map(({ number }) => number));
  const lost = answerNumbers.filter((number) => !heard.has(number));
  if (lost.length > 1) broken.push(`of the answer ann did not hear ${lost.map((number) => `w${number}`).join(', ')}`);
  return [...broken, ...faults];
}

/** What stands in the log and was not heard, though nothing was in the way. */
function unheard({ agent: { agent, plan } }: RealTalk, { heard, deaf }: RealPerson): string[] {
  const broken: string[] = [];
  const logged = new Set<number>();
  const whole = new Set(heard.numbers.map(({ number }) => number));
  const words = agent.log.entries
    .filter(({ who }) => who === 'agent')
    .flatMap(({ id, words }) => words.map((word) => ({ id, ...word, letters: plain(word.text) })));
  const common = lettersInCommon(words.map(({ letters }) => letters).join(''), heard.text);
  let at = 0;
  for (const word of words) {
    const of = common.slice(at, at + word.letters.length);
    at += word.letters.length;
    const [number] = numbersIn(word.text);
    if (number === undefined || plan.disguised.has(number)) continue;
    if (logged.has(number)) broken.push(`w${number} is in the log twice`);
    logged.add(number);
    // Where letters of what was lost are like those of the next word, laying them beside each other may take one for the other.
    if (whole.has(number) || !('startMs' in word) || deaf.overlap(word.startMs, word.endMs)) continue;
    const share = of.filter(Boolean).length / of.length;
    if (share < MOST_OF_IT)
      broken.push(`${word.id} has ${word.text} at ${Math.round(word.startMs)}, of which ${share} was heard`);
  }
  return broken;
}

/** What a person heard and is not in the log, or not in that order. */
function unlogged({ agent: one }: RealTalk, { heard, deaf }: RealPerson): string[] {
  const broken: string[] = [];
  const { agent, plan } = one;
  const entries = agent.log.entries.filter(({ who }) => who === 'agent');
  const order = entries.flatMap(({ text }) => numbersIn(text));
  // The last letter of a word is heard before the word is over: who is interrupted there has not said it.
  const cut = new Set(entries.flatMap(({ text, planned = text }) => numbersIn(planned.slice(text.length)).slice(0, 1)));
  const seen = new Set<number>();
  let last = -1;
  for (const { number, atMs } of heard.numbers) {
    if (plan.disguised.has(number)) continue;
    const place = order.indexOf(number);
    if (seen.has(number)) broken.push(`w${number} was heard twice`);
    seen.add(number);
    // What is invented for lost packets may sound like another letter.
    const garbled = deaf.overlap(atMs - WORD_MS, atMs);
    if (place < 0 && !cut.has(number) && !garbled && !one.diedAbout(atMs))
      broken.push(`w${number} was heard and is not in the log`);
    if (place >= 0 && place < last) broken.push(`w${number} was heard out of order`);
    last = Math.max(last, place);
  }
  return broken;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
