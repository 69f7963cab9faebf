// What runs a graph: starting, changing, judging failures, interrupting, ending. Nothing of how a graph is built,
// drawn or shown.

import { isSluiceError, SluiceError, toError } from '../errors.ts';
import type { Supervision } from '../node/supervision.ts';
import type { Clock } from '../time/clock.ts';
import { withDeadline } from '../time/deadline.ts';
import { realClock } from '../time/real-clock.ts';
import type { Actor, ActorLink } from './actors/actor.ts';
import { blame } from './actors/blame.ts';
import { NodeActor } from './actors/node-actor.ts';
import { TIME_SAMPLE } from './actors/processing-time.ts';
import { SinkActor } from './actors/sink-actor.ts';
import type { Addition } from './addition.ts';
import { type NodeMessage, nodeChannel } from './channels.ts';
import type { ActorHost } from './contract.ts';
import { type FailureHost, Failures } from './failures.ts';
import { type GraphStatus, Lifetime } from './lifetime.ts';
import { Pauses } from './pauses.ts';
import { type StallHost, StallWatch } from './stall-watch.ts';
import { Wiring } from './wiring.ts';

export interface Deadlines {
  /** Opening files and devices, before the start. Default 10,000 ms. */
  readonly setupMs: number;
  /** From `stop()` until everything given was played or written. Default 10,000 ms. */
  readonly drainMs: number;
  /** Giving resources back after an abort. Default 3,000 ms. */
  readonly stopMs: number;
  /** Nodes that wait for each other, or keep the end of their inputs to themselves. Default 10,000 ms. */
  readonly stallMs: number;
}

let count = 0;

export interface RuntimeOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly random: () => number;
}

/** Actors that are tried out, and what the first of them that failed says. */
interface Trial {
  readonly actors: readonly Actor[];
  error: Error | undefined;
}

/** Runs actors: opens and shuts them, judges failures, ends the graph. */
export class Runtime implements ActorHost<Actor>, FailureHost, StallHost {
  /** Unique in this process. */
  readonly id = ++count;
  readonly name: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly deadlines: Deadlines;
  readonly lifetime: Lifetime;
  readonly wiring = new Wiring();
  readonly stalls: StallWatch;
  readonly pauses: Pauses;
  readonly #failures: Failures;
  #trial: Trial | undefined;
  /** What is asked when somebody looks, by name. */
  readonly figures = new Map<string, () => object>();
  timeSample = TIME_SAMPLE;
  /** Starts at 1: a frame of epoch 0 was not stamped yet. */
  epoch = 1;
  /** Faults that were reported but ended nothing, newest last. */
  readonly reports: { readonly node: string; readonly error: Error; readonly at: number }[] = [];

  constructor({ name, clock, deadlines, random }: RuntimeOptions) {
    this.name = name;
    this.clock = clock;
    this.random = random;
    this.deadlines = deadlines;
    this.lifetime = new Lifetime(this);
    this.#failures = new Failures(this, random);
    this.pauses = new Pauses(clock);
    this.stalls = new StallWatch(this, deadlines.stallMs);
  }

  get actors(): ReadonlyMap<string, Actor> {
    return this.wiring.actors;
  }

  get status(): GraphStatus {
    return this.lifetime.status;
  }

  get setup(): AbortSignal {
    return this.lifetime.setup;
  }

  supervise(owner: Actor | string, options: Supervision): void {
    this.#failures.supervise(owner, options);
  }

  nextEpoch(): number {
    this.epoch++;
    return this.epoch;
  }

  mayStall(): void {
    this.stalls.arm();
  }

  /** Runs `body`; a failure of one of the actors that escalates meanwhile does not end the graph: it is thrown. */
  attempt(actors: readonly Actor[], body: () => void): void {
    const trial: Trial = { actors, error: undefined };
    this.#trial = trial;
    body();
    this.#trial = undefined;
    if (trial.error !== undefined) throw trial.error;
  }

  escalate(actor: Actor, error: Error): void {
    if (this.#trial?.actors.includes(actor)) this.#trial.error ??= error;
    else this.abort(error, 'failed');
  }

  /** Takes out what a failed change had added. */
  discard({ actors, links, ports, displaced }: Addition, reason: Error): void {
    for (const link of links) {
      link.close();
      this.wiring.links.delete(link.id);
    }
    for (const port of ports) (port.actor as NodeActor).byName.withdraw(port);
    for (const actor of actors) {
      this.wiring.actors.delete(actor.id);
      if (actor.over) continue;
      actor.setState('stopped');
      this.shut(actor, reason);
    }
    for (const { actor, id } of displaced) this.wiring.rename(actor, id);
    this.checkDone();
  }

  open(actor: Actor): void {
    actor.framesBeforeOpen = actor.framesIn;
    // What is started anew hears of ends that came before.
    for (const port of actor.inputs) port.ended = false;
    actor.setState('running');
    try {
      actor.open();
    } catch (error) {
      this.failed(actor, error);
    }
    actor.wake();
  }

  /** Whatever fails while an actor gives back what it has, the others give theirs back too. */
  shut(actor: Actor, reason: Error | undefined): void {
    try {
      actor.shut(reason);
    } catch (error) {
      this.reported(actor, error);
    }
  }

  stateChanged(actor: Actor): void {
    if (nodeChannel.hasSubscribers)
      nodeChannel.publish({
        graph: this.name,
        id: this.id,
        node: actor.id,
        state: actor.state,
        error: actor.lastError,
      } satisfies NodeMessage);
  }

  reported(actor: Actor, error: unknown): void {
    actor.errors++;
    actor.lastError = toError(error);
    const at = this.clock.now();
    actor.faulted.mark(at);
    this.reports.push({ node: actor.id, error: actor.lastError, at });
    if (this.reports.length > 100) this.reports.shift();
    this.stateChanged(actor);
  }

  /** An actor's stream is over: in order behind its last frame. */
  completed(actor: Actor): void {
    if (actor.over) return;
    actor.setState('ended');
    for (const port of actor.outputs) port.end();
    this.shut(actor, undefined);
    this.#retire(actor);
  }

  /** An actor failed: its supervision decides. */
  failed(actor: Actor, reason: unknown): void {
    if (actor.state !== 'running') return;
    const error = blame(actor, reason);
    this.reported(actor, error);
    this.#failures.judge(actor, error);
  }

  stopActor(actor: Actor, error: Error | undefined): void {
    if (actor.over) return;
    actor.setState('stopped');
    this.shut(actor, error);
    for (const port of actor.outputs) port.end();
    this.#retire(actor);
  }

  /** An actor is over: nothing enters it, and who sent only to it ends as well. */
  #retire(actor: Actor): void {
    for (const port of actor.inputs) for (const link of port.links) this.unlink(link, 'cancel');
    this.stalls.arm();
    this.checkDone();
  }

  /** Takes a link out, as `Wiring.unlink` does. A sender without any receiver left is stopped if that was cancelled. */
  unlink(link: ActorLink, how: 'end' | 'keep' | 'cancel'): void {
    this.wiring.unlink(link, how);
    const sender = link.from.actor;
    if (how !== 'cancel' || sender.outputs.some((port) => port.links.length > 0)) return;
    if (sender.state !== 'running' && sender.state !== 'down') return;
    sender.removed = link.to.actor.removed;
    this.stopActor(sender, undefined);
  }

  /** Ends sources in order; everything behind them, paused or not, finishes what it was given. */
  async drain(): Promise<void> {
    if (this.status !== 'running') return;
    this.lifetime.setStatus('draining');
    this.lifetime.stopSetup();
    // What stands still would not come to its end.
    this.pauses.end(this.actors.values());
    for (const actor of this.actors.values()) if (actor instanceof NodeActor) actor.stopping();
    for (const actor of this.actors.values()) {
      // What a change was about to add is not waited for.
      if (actor.state === 'idle')
        this.stopActor(actor, new SluiceError('SLUICE_ABORTED', `${actor.id} was still being set up at the stop`));
      else if (actor.inputs.every((port) => port.links.length === 0)) this.stopActor(actor, undefined);
    }
    this.checkDone();
    const { drainMs } = this.deadlines;
    try {
      await withDeadline(this.clock, drainMs, `draining graph ${this.name}`, this.lifetime.finished, () =>
        this.unfinished(),
      );
    } catch (error) {
      if (isSluiceError(error) && error.code === 'SLUICE_DEADLINE') this.abort(error, 'failed');
      throw error;
    }
  }

  /** Ends everything now. */
  abort(error: Error, status: 'failed' | 'stopped'): void {
    if (this.lifetime.over) return;
    this.lifetime.abort(error, status);
    this.stalls.close();
    for (const actor of this.actors.values()) {
      if (actor.over) continue;
      actor.setState(status === 'failed' && actor.lastError === error ? 'failed' : 'stopped');
      this.shut(actor, error);
    }
    for (const link of this.wiring.links.values()) link.close();
    const rejected = () => this.lifetime.rejected();
    this.#settleSinks().then(rejected, rejected);
  }

  /** Waits until sinks have given back what they hold, for as long as the deadline allows. */
  async #settleSinks(): Promise<void> {
    const waiting = new Set<string>();
    const sinks = [...this.actors.values()].filter((actor) => actor instanceof SinkActor);
    const all = sinks.map(async (sink) => {
      waiting.add(sink.id);
      await sink.spec?.finished.catch(() => {});
      waiting.delete(sink.id);
    });
    const { stopMs } = this.deadlines;
    await withDeadline(realClock, stopMs, `stopping graph ${this.name}`, Promise.all(all), () => [...waiting]);
  }

  keepAlive(label: string): () => void {
    return this.lifetime.keepAlive(label, () => this.checkDone());
  }

  /** Who has not finished, for messages. */
  unfinished(): string[] {
    const actors = [...this.actors.values()].filter((actor) => !actor.over);
    return [
      ...actors.map(
        (actor) =>
          `${actor.describe()} holding ${actor.held + actor.unsent}${this.pauses.has(actor) ? ', paused' : ''}`,
      ),
      ...this.lifetime.keptAliveBy,
    ];
  }

  checkDone(): void {
    if (!this.lifetime.mayEnd) return;
    for (const actor of this.actors.values()) if (!actor.over) return;
    this.lifetime.end();
    this.stalls.close();
  }

  remove(actor: Actor, drain: boolean): void {
    actor.removed = true;
    if (actor.over) return;
    if (drain && actor.inputs.length > 0) {
      for (const port of actor.inputs) for (const link of port.links) this.unlink(link, 'end');
    } else this.stopActor(actor, drain ? undefined : new SluiceError('SLUICE_ABORTED', `${actor.id} was removed`));
  }
}
