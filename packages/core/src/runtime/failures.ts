import { SluiceError } from '../errors.ts';
import { type Supervision, Supervisor, type Verdict } from '../node/supervision.ts';
import type { Clock } from '../time/clock.ts';
import type { Actor } from './actors/actor.ts';
import { NodeActor } from './actors/node-actor.ts';
import { SinkActor } from './actors/sink-actor.ts';

/** Where verdicts are carried out. */
export interface FailureHost {
  readonly clock: Clock;
  readonly actors: ReadonlyMap<string, Actor>;
  open(actor: Actor): void;
  shut(actor: Actor, reason: Error | undefined): void;
  stopActor(actor: Actor, error: Error | undefined): void;
  completed(actor: Actor): void;
  /** What no supervision handles. */
  escalate(actor: Actor, error: Error): void;
}

/** Judges failures by the supervision that was declared for the node or its nearest group, and carries the verdict out. */
export class Failures {
  readonly #host: FailureHost;
  readonly #random: () => number;
  readonly #groups = new Map<string, Supervisor>();
  // By node, not by its name, which another may take over.
  readonly #nodes = new WeakMap<Actor, Supervisor>();

  constructor(host: FailureHost, random: () => number) {
    this.#host = host;
    this.#random = random;
  }

  /** Declares what happens when a node, or one of a group, fails. */
  supervise(owner: Actor | string, options: Supervision): void {
    const supervisor = new Supervisor(options, this.#random);
    if (typeof owner === 'string') this.#groups.set(owner, supervisor);
    else this.#nodes.set(owner, supervisor);
  }

  judge(actor: Actor, error: Error): void {
    const own = this.#nodes.get(actor);
    const group = own === undefined ? actor.groups.findLast((path) => this.#groups.has(path)) : undefined;
    const supervisor = group === undefined ? own : this.#groups.get(group);
    const verdict = supervisor?.judge(this.#host.clock.now()) ?? { action: 'escalate' };
    this.#carryOut(verdict, actor, group === undefined ? [actor] : this.#members(group), error);
  }

  #carryOut(verdict: Verdict, actor: Actor, group: readonly Actor[], error: Error): void {
    switch (verdict.action) {
      case 'resume':
        return this.#resume(actor, error);
      case 'restart':
        if (!canRestart(actor)) return this.#host.escalate(actor, error);
        // A sink that cannot be made anew and did not fail goes on.
        for (const one of group) if (canRestart(one)) this.#restart(one, verdict.delayMs, error);
        return;
      case 'stop':
        for (const one of group) this.#host.stopActor(one, error);
        return;
      case 'exhausted':
        return this.#host.escalate(
          actor,
          new SluiceError('SLUICE_RESTART_BUDGET', `${actor.id} failed again after ${verdict.max} restarts`, {
            expected: `at most ${verdict.max} failures in ${verdict.withinMs} ms`,
            fix: 'Mend the cause, raise restart.max, or declare onError: stop',
            nodeId: actor.id,
            cause: error,
          }),
        );
      default:
        return this.#host.escalate(actor, error);
    }
  }

  /** Nodes go on with their next frame; a broken chain has to be subscribed anew. */
  #resume(actor: Actor, error: Error): void {
    if (actor instanceof NodeActor) return;
    if (actor.kind === 'operator' && actor.inputs.every((port) => port.ended)) return this.#host.completed(actor);
    // What failed without a frame would fail again at once.
    if (actor.kind !== 'operator' || actor.framesIn === actor.framesBeforeOpen)
      return this.#host.escalate(actor, error);
    actor.setState('down');
    this.#host.shut(actor, undefined);
    // The failure comes out of the chain's own call: it must have returned before the chain is built again.
    queueMicrotask(() => {
      if (actor.state === 'down') this.#host.open(actor);
    });
  }

  #restart(actor: Actor, delayMs: number, error: Error): void {
    if (actor.state !== 'running') return;
    const { clock } = this.#host;
    actor.restarts++;
    actor.restarted.mark(clock.now());
    actor.setState('down');
    this.#host.shut(actor, error);
    clock.at(clock.now() + delayMs, () => {
      if (actor.state === 'down') this.#host.open(actor);
    });
  }

  #members(group: string): Actor[] {
    return [...this.#host.actors.values()].filter((actor) => actor.groups.includes(group));
  }
}

function canRestart(actor: Actor): boolean {
  return !(actor instanceof SinkActor) || actor.restartable;
}
