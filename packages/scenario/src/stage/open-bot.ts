import { type Clock, checkKeys, type Graph, graph } from '@sluice/core';
import { type RunningSession, recordSession, type SessionProgram, unrecordedEnv } from '@sluice/core/session';
import { type AgentPlace, agentEnds } from './agent-ends.ts';
import type { MakeAgent, ScenarioAgent } from './stage.ts';

/** Where the session of a run goes. */
export interface RecordTo {
  /** Path of the `.sluice` file; one that is there is replaced. */
  readonly file: string;
  /** The module whose export `program` is what `scenarioProgram` gives, for `sluice replay`. */
  readonly module?: string;
}

interface Bot {
  readonly graph: Graph;
  readonly agent: ScenarioAgent;
  readonly end: () => Promise<void>;
}

/** An agent that runs on a stage. */
export interface RunningBot {
  readonly graph: Graph;
  readonly agent: ScenarioAgent;
  readonly session: RunningSession | undefined;
  close(): Promise<void>;
}

export const AGENT = 'agent';

/** What is recorded of a stage: the agent, with what its models have to load. */
export function botProgram(make: MakeAgent, place: AgentPlace): SessionProgram<Bot> {
  return async (env) => {
    const { clock, random } = env;
    const bot = graph(AGENT, { clock, random });
    const made = make(agentEnds(env, bot, place));
    const agent = made instanceof Promise ? await clock.track(made) : made;
    const end = env.control('end', () => agent.end());
    try {
      // Virtual time stands still meanwhile: what loads models waits for the machine.
      await clock.track(agent.prefetch());
    } catch (error) {
      agent.end();
      throw error;
    }
    return { graph: bot, agent, end };
  };
}

/** Builds an agent and starts it, recorded if there is somewhere to record to. */
export async function openBot(
  make: MakeAgent,
  place: AgentPlace,
  {
    record,
    ...outside
  }: { readonly clock: Clock; readonly random: () => number; readonly record?: RecordTo | undefined },
): Promise<RunningBot> {
  const program = botProgram(make, place);
  if (record === undefined) {
    const { graph: bot, agent, end } = await program(unrecordedEnv(outside));
    await bot.start();
    const close = async () => {
      await end();
      bot.abort();
    };
    return { graph: bot, agent, session: undefined, close };
  }
  checkKeys<RecordTo>('record', record, { file: true, module: true });
  const session = await recordSession({ ...outside, ...record, program, sound: true, text: true });
  const { agent, end } = session.result;
  const close = async () => {
    await end();
    await session.close({ abort: true });
  };
  return { graph: session.graph, agent, session, close };
}
