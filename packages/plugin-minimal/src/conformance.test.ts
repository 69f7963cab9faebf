import { checklist } from '@sluice/core/testing';
import { describe, it } from 'vitest';
import { conformance } from './conformance.ts';

for (const [name, { make, options }] of Object.entries(conformance))
  describe(`the node ${name}`, () => checklist(it, make, options));
