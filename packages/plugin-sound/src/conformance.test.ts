import { checklist } from '@sluice/core/testing';
import { describe, test } from 'vitest';
import { conformance } from './conformance.ts';

for (const [name, { make, options }] of Object.entries(conformance))
  describe(`the operator ${name}`, () => checklist(test, make, options));
