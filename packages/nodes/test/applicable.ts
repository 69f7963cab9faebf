import type { TestFunction } from '@sluice/core/testing';
import { it } from 'vitest';

/** Registers the checks that apply: what does not apply to an operator of ours is no test that was left out. */
export const applicable: TestFunction = (name, body) => it(name, body);
