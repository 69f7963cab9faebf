import type { GraphSnapshot } from '@sluice/core';
import type { Problem } from '../protocol/messages.ts';
import { toldText } from './told-text.ts';

/** What is wrong with a graph, and was, as it is told: times to a tenth, nothing that goes without saying. */
export function problemsOf({ diagnostics }: GraphSnapshot): readonly Problem[] {
  return diagnostics.map(({ firstMs, lastMs, past, ...what }) => ({
    ...what,
    text: toldText(what.text),
    firstMs: Math.round(firstMs),
    ...(lastMs === undefined ? {} : { lastMs: Math.round(lastMs) }),
    ...(past ? { past } : {}),
  }));
}
