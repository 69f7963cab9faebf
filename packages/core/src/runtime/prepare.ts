import type { MediaFormat } from '../media/media-format.ts';
import type { Clock } from '../time/clock.ts';
import { withDeadline } from '../time/deadline.ts';
import { realClock } from '../time/real-clock.ts';
import { unlessAborted } from '../time/unless-aborted.ts';
import type { Actor } from './actors/actor.ts';
import { blame } from './actors/blame.ts';
import { SinkActor } from './actors/sink-actor.ts';
import { StreamActor } from './actors/stream-actor.ts';

/** The graph that something is set up for. */
interface Setup {
  readonly name: string;
  readonly clock: Clock;
  /** Aborts with the graph's error when nothing is to be set up any more. */
  readonly setup: AbortSignal;
}

/**
 * Opens files and devices of all actors side by side and learns the formats of the sources. A fault names its node; a
 * deadline names who is not ready. What is not open yet when the graph ends is waited for by nobody.
 */
export async function prepareActors(
  actors: readonly Actor[],
  setupMs: number,
  graph: Setup,
): Promise<Map<Actor, MediaFormat>> {
  const formats = new Map<Actor, MediaFormat>();
  const waiting = new Set(actors.map((actor) => actor.id));
  const all = actors.map(async (actor) => {
    try {
      const format = await prepareOne(actor);
      if (format !== undefined) formats.set(actor, format);
      waiting.delete(actor.id);
    } catch (error) {
      throw blame(actor, error);
    }
  });
  // Files and devices open in real time, also under a virtual clock, which stands still meanwhile.
  const ready = unlessAborted(graph.setup, Promise.all(all));
  const work = withDeadline(realClock, setupMs, `setting up graph ${graph.name}`, ready, () => [...waiting]);
  await graph.clock.track(work);
  return formats;
}

async function prepareOne(actor: Actor): Promise<MediaFormat | undefined> {
  if (actor instanceof SinkActor) await actor.prepare();
  if (!(actor instanceof StreamActor) || actor.spec === undefined) return undefined;
  return actor.spec.format ?? (await actor.spec.prepare?.());
}
