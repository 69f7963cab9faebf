import type { NodeBlueprint } from '@sluice/core';
import { checklist, type NodeProfile } from '@sluice/core/testing';
import { describe } from 'vitest';
import { composite, type MixerNodeOptions, mixer } from '../src/index.ts';
import { applicable } from './applicable.ts';

const mixed = (options: MixerNodeOptions) => () => mixer(options) as unknown as NodeBlueprint;
const composed = (timing: 'clock' | 'inputs') => () =>
  composite({ width: 64, height: 48, frameRate: 25, timing }) as unknown as NodeBlueprint;
/** What is missing of one input is silence, or the background, of a mix that goes on. */
const keepsGaps = false;

const nodes: Readonly<Record<string, readonly [make: () => NodeBlueprint, profile: NodeProfile]>> = {
  'mixer by the clock': [mixed({}), { keepsGaps }],
  'mixer of inputs': [mixed({ timing: 'inputs' }), { keepsGaps }],
  'composite by the clock': [composed('clock'), { keepsGaps, outlivesInputs: true }],
  'composite of inputs': [composed('inputs'), { keepsGaps }],
};

for (const [name, [make, profile]] of Object.entries(nodes))
  describe(`${name}: the checklist for nodes`, () => checklist(applicable, make, { kind: 'node', profile }));
