// The commands, a file each, and the list of them. What several need stands in the rooms below.

import type { Command } from '../terms/command.ts';

/** Each is read when it is asked for: what one needs costs another nothing. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  list: async () => (await import('./list.ts')).list,
  node: async () => (await import('./node.ts')).node,
  explain: async () => (await import('./explain.ts')).explain,
  docs: async () => (await import('./docs.ts')).docs,
  search: async () => (await import('./search.ts')).search,
};
