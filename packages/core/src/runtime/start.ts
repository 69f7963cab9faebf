import type { Addition } from './addition.ts';
import { commit } from './commit.ts';
import { prepareActors } from './prepare.ts';
import type { Runtime } from './runtime.ts';

/**
 * Prepares what was added, then carries the change out, from the first link on without a pause: a running graph changes
 * between two frames. Whatever goes wrong, the graph is as it was.
 */
export async function start(runtime: Runtime, addition: Addition): Promise<void> {
  const { lifetime, deadlines } = runtime;
  const formats = await prepareActors(addition.actors, deadlines.setupMs, runtime);
  if (lifetime.status !== 'starting' && lifetime.status !== 'running') throw lifetime.endedMeanwhile();
  if (lifetime.status === 'starting' && runtime.actors.size === 0) lifetime.waitForNodes(runtime.clock);
  commit(runtime, addition, formats);
}
