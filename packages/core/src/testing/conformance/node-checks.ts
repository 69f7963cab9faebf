import type { Check } from './check.ts';
import { nodeFaultChecks } from './node-fault-checks.ts';
import { nodeFlowChecks } from './node-flow-checks.ts';
import { nodeLifeChecks, type OpenTrial } from './node-life-checks.ts';
import { nodeMediaChecks } from './node-media-checks.ts';
import type { NodeProfile } from './node-profile.ts';
import { type MakeNode, NodeTrial } from './node-trial.ts';

/** The checks for a node made with `defineNode`. */
export function nodeChecks(profile: NodeProfile, seed: number): readonly Check<MakeNode>[] {
  const open: OpenTrial = (make, options) => NodeTrial.open(make, profile, seed, options);
  return [
    ...nodeLifeChecks(open),
    ...nodeFlowChecks(open, profile),
    ...nodeMediaChecks(open, profile),
    ...nodeFaultChecks(open, profile),
  ];
}
