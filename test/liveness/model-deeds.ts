import type { Graph } from '@sluice/core';
import type { VoiceAgent } from '@sluice/nodes';
import fc from 'fast-check';
import {
  type DetectorFault,
  detectorFaults,
  type EarFault,
  earFaults,
  type FaultPlan,
  type MindFault,
  mindFaults,
  type Opening,
  openings,
  type VoiceFault,
  voiceFaults,
} from './fault-plan.ts';

/** What happens to models and to the agent, in virtual time and in a call alike. Times are in milliseconds. */
export type ModelDeed =
  | { readonly do: 'mind'; readonly fault: MindFault }
  | { readonly do: 'voice'; readonly fault: VoiceFault }
  | { readonly do: 'ear'; readonly fault: EarFault }
  | { readonly do: 'detector'; readonly fault: DetectorFault; readonly ms: number }
  | { readonly do: 'refuse'; readonly opening: Opening; readonly times: number }
  | { readonly do: 'held'; readonly ms: number }
  | { readonly do: 'say'; readonly polite: boolean }
  | { readonly do: 'mute' | 'unmute' | 'interrupt' };

export const ms = (min: number, max: number) => fc.integer({ min, max });
export const one = <const T extends string>(name: T) => fc.constant(name);
export const lasting = <const T extends string>(name: T, min: number, max: number) =>
  fc.record({ do: one(name), ms: ms(min, max) });

/** For `fc.oneof`. */
export const modelDeeds: readonly { readonly weight: number; readonly arbitrary: fc.Arbitrary<ModelDeed> }[] = [
  { weight: 5, arbitrary: fc.record({ do: one('mind'), fault: fc.constantFrom(...mindFaults) }) },
  { weight: 5, arbitrary: fc.record({ do: one('voice'), fault: fc.constantFrom(...voiceFaults) }) },
  { weight: 3, arbitrary: fc.record({ do: one('ear'), fault: fc.constantFrom(...earFaults) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: one('detector'), fault: fc.constantFrom(...detectorFaults), ms: ms(100, 4_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: one('refuse'), opening: fc.constantFrom(...openings), times: ms(1, 6) }) },
  { weight: 1, arbitrary: lasting('held', 50, 4_000) },
  { weight: 2, arbitrary: fc.record({ do: one('say'), polite: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('mute' as const, 'unmute' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: one('interrupt') }) },
];

export interface ModelStage {
  readonly agent: VoiceAgent;
  readonly graph: Graph;
  readonly plan: FaultPlan;
  /** Does something later, or when all faults end. */
  readonly later: (ms: number, then: () => void) => void;
  /** Of something that is said of the agent's own accord: each has another. */
  readonly nextNumber: () => number;
}

/** Does it. Returns false for what is no deed of this kind. */
export function doModelDeed({ agent, graph, plan, later, nextNumber }: ModelStage, deed: { do: string }): boolean {
  const known = deed as ModelDeed;
  switch (known.do) {
    case 'mind':
      plan.mind.push(known.fault);
      return true;
    case 'voice':
      plan.voice.push(known.fault);
      return true;
    case 'ear':
      plan.ear.push(known.fault);
      return true;
    case 'detector':
      plan.detector = known.fault;
      later(known.ms, () => {
        plan.detector = undefined;
      });
      return true;
    case 'refuse':
      plan.refusals[known.opening] = known.times;
      return true;
    case 'held':
      void graph.pause({ scope: 'mouth', maxMs: 1_000 }).catch(() => {});
      // An agent that has ended has no mouth any more.
      later(known.ms, () => {
        if (agent.state.state !== 'ended') graph.resume({ scope: 'mouth' });
      });
      return true;
    case 'say':
      void agent.say(`W${nextNumber()}.`, { polite: known.polite });
      return true;
    case 'mute':
      agent.mute('host');
      return true;
    case 'unmute':
      agent.unmute();
      return true;
    case 'interrupt':
      void agent.interrupt();
      return true;
    default:
      return false;
  }
}
