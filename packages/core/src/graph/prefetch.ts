import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange } from '../errors.ts';
import type { NodeBlueprint } from '../node/define-node.ts';
import type { PrefetchProgress } from '../node/prefetch.ts';
import { blame } from '../runtime/actors/blame.ts';
import { NodeActor } from '../runtime/actors/node-actor.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { withDeadline } from '../time/deadline.ts';
import { realClock } from '../time/real-clock.ts';
import { unlessAborted } from '../time/unless-aborted.ts';

/** How far one node has come. */
export interface NodePrefetch extends PrefetchProgress {
  /** Its id. */
  readonly node: string;
}

/** How long `prefetch` of a graph may take, and who is told. */
export interface PrefetchOptions {
  /** How long all of them may take together, in real milliseconds. Default 600,000; Infinity for as long as it takes. */
  readonly deadlineMs?: number;
  /** Called as bytes come. */
  readonly onProgress?: (progress: NodePrefetch) => void;
  /** Ends it early; it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Lets all nodes fetch what they need, side by side, each blueprint once. The first fault ends the others. */
export async function prefetchNodes(runtime: Runtime, options: PrefetchOptions): Promise<void> {
  checkKeys<PrefetchOptions>('prefetch', options, { deadlineMs: true, onProgress: true, signal: true });
  const { deadlineMs = 600_000, onProgress = () => {}, signal } = options;
  if (!(deadlineMs > 0)) throw outOfRange('prefetch.deadlineMs', 'more than 0 ms', deadlineMs);
  if (typeof onProgress !== 'function') throw invalidArgument('prefetch.onProgress', 'a function', onProgress);
  const over = new AbortController();
  const ended = AbortSignal.any([runtime.setup, over.signal, ...(signal === undefined ? [] : [signal])]);
  const waiting = new Map<NodeBlueprint, NodeActor>();
  for (const actor of runtime.actors.values())
    if (actor instanceof NodeActor && actor.blueprint.prefetch !== undefined && !waiting.has(actor.blueprint))
      waiting.set(actor.blueprint, actor);
  ended.throwIfAborted();
  const all = [...waiting].map(async ([blueprint, actor]) => {
    const told = (progress: PrefetchProgress) => {
      // Whoever goes on after the end has nobody to tell.
      if (!ended.aborted && waiting.has(blueprint)) onProgress({ node: actor.id, ...progress });
    };
    try {
      await blueprint.prefetch!({ signal: ended, onProgress: told });
      waiting.delete(blueprint);
    } catch (error) {
      throw blame(actor, error);
    }
  });
  try {
    const ready = unlessAborted(ended, Promise.all(all));
    const culprits = () => [...waiting.values()].map(({ id }) => id);
    // The network takes real time, also under a virtual clock, which stands still meanwhile.
    const work = withDeadline(
      realClock,
      deadlineMs,
      `fetching for graph ${runtime.name}`,
      ready,
      culprits,
      '`deadlineMs`',
    );
    await runtime.clock.track(work);
  } finally {
    over.abort();
  }
}
