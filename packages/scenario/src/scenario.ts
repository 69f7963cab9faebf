import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import type { Recognizer, Synthesizer } from '@sluice/core/voice';
import { type Budgets, checkBudgets } from './measure/budgets.ts';
import { type MakeAgent, type StageMode, stageModes } from './stage/stage.ts';
import type { Talk } from './talk/talk.ts';

/** Who talks in a scenario, and what goes wrong in it. */
export interface ScenarioOptions {
  /** Builds the agent into the graph that it is given. */
  readonly agent: MakeAgent;
  /** Who is in the room from the beginning, and their voices. Default: `{ person: toneVoice() }`. The first one talks. */
  readonly people?: Readonly<Record<string, Synthesizer>>;
  /** What people's ears understand the agent with: `toneRecognizer()` where it speaks with `toneVoice()`. */
  readonly ear?: Recognizer;
  /** What a run may cost at most; it fails beyond. Default: anything. */
  readonly budgets?: Budgets;
  /** Of the network, of noise and of the graph. Default 1. */
  readonly seed?: number;
  /** Scenario time after which it is ended, in milliseconds. Default 120,000. */
  readonly limitMs?: number;
  /** Where it can run. Default: both. */
  readonly modes?: readonly StageMode[];
}

/** A conversation that is a test. Made by `scenario`. */
export interface Scenario {
  /** As reports have it. */
  readonly name: string;
  /** Agent, voices, network, budgets: how it is staged. */
  readonly options: ScenarioOptions;
  /** What people do. It passes when this resolves and the budgets hold. */
  readonly play: (talk: Talk) => Promise<void>;
}

/** Where `scenario` puts what it makes while a file is loaded; the same list in every copy of the package. */
const LOADING = Symbol.for('sluice.scenarios');
const shared = globalThis as { [LOADING]?: Scenario[] | undefined };

/**
 * Says what is to happen between people and an agent. The same scenario runs in virtual time, to the sample, and over a real
 * call. A file with scenarios is run by `npm run scenario`; `runScenario` runs one in any test runner.
 *
 * @example
 * const agent: MakeAgent = ({ graph, hears, speaks, onEvent }) => voiceAgent(graph, { hears, speaks, onEvent, ...models });
 * scenario('stops when it is told to', { agent, budgets: { glitches: 0 } }, async (talk) => {
 *   await talk.say('count for me');
 *   await talk.bargeInAt({ afterMs: 800 }, 'stop');
 *   await talk.expectSilenceWithin(120);
 *   await talk.expectHeard('okay');
 * });
 * @throws TypeError, RangeError at once for options that do not exist, are of the wrong kind or out of range
 */
export function scenario(name: string, options: ScenarioOptions, play: (talk: Talk) => Promise<void>): Scenario {
  if (typeof name !== 'string' || name === '') throw invalidArgument('name', 'a name', name);
  checkKeys<ScenarioOptions>(`scenario ${JSON.stringify(name)}`, options, {
    agent: true,
    people: true,
    ear: true,
    budgets: true,
    seed: true,
    limitMs: true,
    modes: true,
  });
  const { agent, people, budgets = {}, seed = 1, limitMs = 120_000, modes = stageModes } = options;
  if (typeof agent !== 'function') throw invalidArgument('agent', 'a function that builds the agent', agent);
  if (typeof play !== 'function') throw invalidArgument('play', 'a function', play);
  if (people !== undefined && Object.keys(people).length === 0) throw invalidArgument('people', 'at least one', people);
  checkBudgets(budgets);
  if (!Number.isInteger(seed)) throw invalidArgument('seed', 'a whole number', seed);
  if (!(limitMs > 0 && limitMs <= 86_400_000)) throw outOfRange('limitMs', 'more than 0 ms, at most a day', limitMs);
  for (const mode of modes) if (!stageModes.includes(mode)) throw invalidArgument('modes', stageModes.join(', '), mode);
  const made: Scenario = { name, options, play };
  shared[LOADING]?.push(made);
  return made;
}

/** Runs what makes scenarios and returns those that were made. */
export async function scenariosOf(load: () => Promise<unknown>): Promise<readonly Scenario[]> {
  const made: Scenario[] = [];
  shared[LOADING] = made;
  try {
    await load();
  } finally {
    shared[LOADING] = undefined;
  }
  return made;
}
