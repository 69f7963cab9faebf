import type { Clock } from '../time/clock.ts';
import type { Actor } from './actors/actor.ts';
import { SinkActor } from './actors/sink-actor.ts';

interface Pause {
  /** Clock time. */
  readonly since: number;
  maxMs: number;
}

/** Who stands still, since when, and for how long that was meant. */
export class Pauses {
  readonly #clock: Clock;
  readonly #pauses = new Map<Actor, Pause>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(actor: Actor): boolean {
    return !actor.over && this.#pauses.has(actor);
  }

  /** Resolves when nothing of them is heard any more. Of those that stand still already only the bound changes. */
  async begin(actors: readonly Actor[], fadeMs: number, maxMs: number): Promise<void> {
    for (const actor of this.#pauses.keys()) if (actor.over) this.#pauses.delete(actor);
    for (const actor of actors) {
      const known = this.#pauses.get(actor);
      if (known !== undefined) known.maxMs = maxMs;
      else {
        this.#pauses.set(actor, { since: this.#clock.now(), maxMs });
        actor.block();
      }
    }
    await Promise.all(actors.map((actor) => (actor instanceof SinkActor ? actor.pause(fadeMs) : undefined)));
  }

  /** What does not stand still is left alone. */
  end(actors: Iterable<Actor>): void {
    for (const actor of actors) {
      if (!this.#pauses.delete(actor)) continue;
      // First the sink: what waited before it comes at once, and is not of the pause.
      if (actor instanceof SinkActor) actor.resume();
      actor.unblock();
    }
  }

  /** Each that stands still for longer than was meant. */
  get problems(): readonly { readonly text: string; readonly fix: string; readonly node: string }[] {
    const problems = [];
    for (const [actor, { since, maxMs }] of this.#pauses) {
      const pausedMs = this.#clock.now() - since;
      if (actor.over || pausedMs <= maxMs) continue;
      const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
      problems.push({
        text: `\`${actor.id}\` has been paused for ${seconds(pausedMs)}, and pause() allowed ${seconds(maxMs)}`,
        fix: 'call resume(), or give pause() a longer maxMs',
        node: actor.id,
      });
    }
    return problems;
  }
}
