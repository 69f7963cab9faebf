import type { GraphSnapshot } from '@sluice/core';

type Figures = NonNullable<GraphSnapshot['figures']>;

/** What can be written as JSON, and why not of what cannot: one who counts in bigint, or in circles, hides nobody else. */
export function toldFigures(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, told]) => [name, written(told)]));
}

function written(told: object): object {
  try {
    JSON.stringify(told);
    return told;
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
