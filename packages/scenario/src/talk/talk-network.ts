import type { NetworkConditions } from '../room/virtual-path.ts';
import type { StagePerson } from '../stage/stage.ts';
import type { TalkContext } from './talk-context.ts';

/** The network between a person and the agent, both ways. */
export interface TalkNetwork {
  /** Several conditions at once, from now on. */
  set(conditions: NetworkConditions): void;
  /** Share of packets, 0 to 1. */
  loss(share: number): void;
  /** Added to each packet, in milliseconds each way. */
  delay(ms: number): void;
  /** Added by chance between 0 and this, in milliseconds each way. */
  jitter(ms: number): void;
  /** Loses everything for so long, from now on. */
  cut(ms: number): void;
}

export function talkNetwork(context: TalkContext, person: StagePerson): TalkNetwork {
  const set = (conditions: NetworkConditions) => {
    context.note('network', JSON.stringify(conditions));
    person.network(conditions);
  };
  return {
    set,
    loss: (loss) => set({ loss }),
    delay: (delayMs) => set({ delayMs }),
    jitter: (jitterMs) => set({ jitterMs }),
    cut: (ms) => {
      context.note('network', `is cut for ${ms} ms`);
      person.cut(ms);
    },
  };
}
