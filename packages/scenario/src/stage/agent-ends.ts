import { type AudioFrame, type Graph, isSluiceError, type Source } from '@sluice/core';
import type { SessionEnv } from '@sluice/core/session';
import type { CallClient, PlayoutSink } from '@sluice/transport';
import type { AgentEnds, Presence } from './stage.ts';

/** What a stage has for an agent. Made only where there is a stage: the replay of a recorded run has none. */
export interface AgentPlace extends Pick<AgentEnds, 'onEvent'> {
  readonly hears: () => Source<AudioFrame>;
  readonly speaks: () => PlayoutSink;
  readonly hearsFrom: (name: string) => Source<AudioFrame>;
  readonly onPresence: (listener: (presence: Presence) => void) => void;
  readonly client?: CallClient;
}

/** The ends of an agent, taken through `env`, so that its run can be recorded. */
export function agentEnds(env: SessionEnv, graph: Graph, place: AgentPlace): AgentEnds {
  const { hears, speaks, hearsFrom, onPresence, onEvent, client } = place;
  return {
    env,
    graph,
    hears: graph.from(env.source('hears', hears)),
    speaks: env.sink('speaks', speaks),
    onEvent,
    hearsFrom: (name) => env.source(`hears ${name}`, () => hearsFrom(name)),
    onPresence: (listener) => {
      let fault: { readonly error: unknown } | undefined;
      const told = env.control('presence', (presence: Presence) => {
        try {
          listener(presence);
        } catch (error) {
          fault ??= { error };
        }
      });
      onPresence((presence) => {
        void told(presence).catch(ignoreEnd);
        if (fault !== undefined) throw fault.error;
      });
    },
    ...(client === undefined ? {} : { client }),
  };
}

/** Who leaves when the agent has ended is of no interest to it. */
function ignoreEnd(error: unknown): void {
  if (!isSluiceError(error) || error.code !== 'SLUICE_ABORTED') throw error;
}
