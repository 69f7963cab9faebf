import { describe, test } from 'node:test';
import { checklist } from '@sluice/core/testing';
import { conformance } from './conformance.ts';

for (const [name, { make, options }] of Object.entries(conformance))
  describe(`the node ${name}`, () => checklist(test, make, options));
