// The commands, a file each, and the list of them. What several need stands in the rooms below.

import type { Command } from '../terms/command.ts';

/** Each is read when it is asked for: what one needs costs another nothing. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).run,
  render: async () => (await import('./render.ts')).render,
  graph: async () => (await import('./graph.ts')).graph,
  check: async () => (await import('./check.ts')).check,
  probe: async () => (await import('./probe.ts')).probe,
  inspect: async () => (await import('./inspect.ts')).inspect,
  top: async () => (await import('./top.ts')).top,
  replay: async () => (await import('./replay.ts')).replay,
  scenario: async () => (await import('./scenario.ts')).scenario,
  conform: async () => (await import('./conform.ts')).conform,
  bench: async () => (await import('./bench.ts')).bench,
  doctor: async () => (await import('./doctor.ts')).doctor,
  room: async () => (await import('./room.ts')).room,
  token: async () => (await import('./token.ts')).token,
  new: async () => (await import('./new.ts')).newProject,
  list: async () => (await import('./list.ts')).list,
  node: async () => (await import('./node.ts')).node,
  explain: async () => (await import('./explain.ts')).explain,
  docs: async () => (await import('./docs.ts')).docs,
  search: async () => (await import('./search.ts')).search,
};
