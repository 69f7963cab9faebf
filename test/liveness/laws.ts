import { OPEN_MS } from '../../packages/core/src/voice/open-in-time.ts';
import { unspelled } from '../../packages/nodes/src/voice/turns/unspelled.ts';
import { brokenMemory } from './memory.ts';
import { numbersIn } from './spoken-words.ts';
import type { Talk } from './talk.ts';

/** How long the agent may take to come to rest after all faults, in milliseconds: every bound once, one after the other. */
const REST_MS = 14_000;
/** How long the answer to a turn may take, in milliseconds: a silence, a model that is opened anew, an answer of a second. */
const ANSWER_MS = 8_000;
/**
 * Frames of 20 ms that ears hold for Ann and Bob while a model is opened: 15 s before the detector and as many before the
 * recogniser, and what else is under way. Each of two relays of a fallback holds as much of its own.
 */
const MOST_FRAMES = 3_500;
const MOST_FRAMES_RELAYED = 7_000;
/** Of a word: fades of a pause in its middle take some of it. */
const MOST_OF_IT = 0.6;

/** Says a turn when all faults are over, and tells every law of life that the agent has broken. */
export async function checkLife(talk: Talk): Promise<string[]> {
  const { agent, clock, people } = talk;
  const broken: string[] = [];
  talk.endFaults();
  // What hangs is given up, and opened anew.
  await talk.advance(OPEN_MS + 1_000, () => talk.plan.hanging === 0);
  // Whoever talks on is interrupted by the turn that follows.
  await talk.advance(REST_MS, () => talk.isOver || agent.state.state === 'listening');
  if (agent.state.state === 'ended' && talk.failure === undefined) {
    if (!people.wereGone) broken.push('ended, though nobody was gone for long');
  } else broken.push(...(await (talk.engineFailed ? brokenEnd(talk) : brokenLife(talk))));
  await clock.settle();
  if (talk.isOver && agent.state.state !== 'ended') broken.push(`${agent.state.state}, though its graph has ended`);
  broken.push(...brokenLog(talk));
  if (talk.frames.highest > (talk.setup.fallbacks ? MOST_FRAMES_RELAYED : MOST_FRAMES))
    broken.push(`${talk.frames.highest} frames at once`);
  await talk.close();
  if (talk.frames.open > 0)
    broken.push(
      `${talk.frames.open} frames left in ${[...new Set(talk.frames.list().map(({ node }) => node))].join(', ')}`,
    );
  if (clock.timers > 0) broken.push(`${clock.timers} timers left`);
  if (clock.pending > 0) broken.push(`${clock.pending} pieces of work left`);
  if (people.moving > 0) broken.push(`${people.moving} who come or go are still under way`);
  if (!talk.isOver) for (const error of people.refused) broken.push(`somebody was refused: ${String(error)}`);
  for (const [number, { samples }] of talk.farEar.heard)
    if (samples > 1_600 && !talk.plan.disguised.has(number)) broken.push(`w${number} was heard twice`);
  return broken;
}

/** An agent with an engine is alive: Ann says a turn and is answered. */
async function brokenLife(talk: Talk): Promise<string[]> {
  const { agent, people, clock } = talk;
  const broken: string[] = [];
  if (talk.failure !== undefined) broken.push(`the graph failed: ${String(talk.failure)}`);
  const rests = () => agent.state.state === 'listening';
  if (!rests() && agent.state.state !== 'speaking') broken.push(`still ${agent.state.state} after ${REST_MS} ms`);
  // The last word of a slow recogniser comes meanwhile: faults are over only then.
  await talk.advance(2_500);
  const before = agent.log.entries.length;
  people.ann.speak('so what now', 700);
  const answer = () =>
    agent.log.entries.slice(before).find(({ who, text }) => who === 'agent' && text.startsWith('To now'));
  const answered = await talk.advance(ANSWER_MS, () => answer() !== undefined);
  const entry = answer();
  if (!answered || entry === undefined) broken.push(`no answer, ${agent.state.state} at ${clock.now()} ms`);
  else if (numbersIn(entry.text).length !== 6) broken.push(`half an answer: ${entry.text}`);
  // What waited for a pause is said now.
  await talk.advance(REST_MS, rests);
  if (!rests()) broken.push(`${agent.state.state} after the answer`);
  return broken;
}

/** Without an engine there is no agent, and whoever runs it is told so when it has something to say at the latest. */
async function brokenEnd(talk: Talk): Promise<string[]> {
  // What was said while it was muted is no turn, and goes on.
  await talk.advance(2_500);
  talk.people.ann.speak('so what now', 700);
  await talk.advance(ANSWER_MS, () => talk.isOver);
  return talk.failure === undefined ? ['the engine is gone for good, and nobody was told'] : [];
}

/** Where log and samples, or log and what the model was told, disagree. */
function brokenLog({ agent, farEar, plan, told }: Talk): string[] {
  const broken: string[] = [];
  const entries = agent.log.entries.filter(({ who }) => who === 'agent');
  const logged = new Set<number>();
  let last = 0;
  for (const { id, text, words } of entries) {
    for (const number of numbersIn(text)) {
      if (plan.disguised.has(number)) continue;
      if (logged.has(number)) broken.push(`w${number} is in the log twice`);
      logged.add(number);
      if (farEar.shareOf(number) < MOST_OF_IT)
        broken.push(`${id} has w${number}, of which ${farEar.heard.get(number)?.samples ?? 0} samples were heard`);
      const { fromMs = last } = farEar.heard.get(number) ?? {};
      if (fromMs < last) broken.push(`${id} has w${number} out of order`);
      last = fromMs;
    }
    for (const word of words) {
      const [number] = numbersIn(word.text);
      if (number === undefined || plan.disguised.has(number) || !('startMs' in word)) continue;
      const sound = farEar.heard.get(number);
      if (sound === undefined) broken.push(`${id} times w${number}, which was not heard`);
      else if (word.startMs > sound.toMs + 60 || word.endMs < sound.fromMs - 60)
        broken.push(`${id} has w${number} at ${word.startMs}-${word.endMs}, heard at ${sound.fromMs}-${sound.toMs}`);
    }
  }
  for (const [number] of farEar.heard)
    if (farEar.shareOf(number) >= 0.99 && !plan.disguised.has(number) && !logged.has(number))
      broken.push(`w${number} was heard and is not in the log`);
  broken.push(...brokenMemory(told), ...brokenReplies(agent));
  return broken;
}

/** Replies to what nobody has said in the end: those that were thought of too soon. */
function brokenReplies({ log }: Talk['agent']): string[] {
  const said = new Set<string>();
  const broken: string[] = [];
  for (const { who, id, text } of log.entries) {
    const last = unspelled(text).split(' ').at(-1)!;
    if (who === 'person') said.add(last);
    const to = who === 'agent' && /^To ([a-z]\S*)/.exec(text)?.[1];
    if (to && !/^w\d/.test(to) && !said.has(unspelled(to))) broken.push(`${id} replies to "${to}", which nobody said`);
  }
  return broken;
}
