import type { NodeBlueprint } from '@sluice/core';
import type { ConformOptions } from '@sluice/core/testing';
import { bitcrush } from './bitcrush.ts';

/** Each node with what `checklist` and `sluice conform` try it by. */
export const conformance: Readonly<
  Record<string, { readonly make: () => NodeBlueprint; readonly options: ConformOptions<'node'> }>
> = {
  bitcrush: { make: () => bitcrush({ bits: 4 }), options: { kind: 'node' } },
};
