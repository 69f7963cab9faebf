import { isSluiceError, SluiceError, toError } from '../errors.ts';
import type { Supervision } from '../node/supervision.ts';
import type { Clock } from '../time/clock.ts';
import { withDeadline } from '../time/deadline.ts';
import { realClock } from '../time/real-clock.ts';
import type { Actor } from './actors/actor.ts';
import { NodeActor } from './actors/node-actor.ts';
import { SinkActor } from './actors/sink-actor.ts';
import type { Addition } from './addition.ts';
import { blame } from './blame.ts';
import { graphChannel, nodeChannel } from './channels.ts';
import { commit } from './commit.ts';
import { type FailureHost, Failures } from './failures.ts';
import type { Link } from './links/link.ts';
import type { InPort } from './ports/ports.ts';
import { prepareActors } from './prepare.ts';
import { StallWatch } from './stall-watch.ts';

export const graphStates = ['idle', 'starting', 'running', 'draining', 'done', 'failed', 'stopped'] as const;
export type GraphStatus = (typeof graphStates)[number];

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

/** Runs actors: starts them in order, judges failures, counts what keeps the graph alive, ends it. */
export class Runtime implements FailureHost {
  readonly name: string;
  readonly clock: Clock;
  readonly actors = new Map<string, Actor>();
  readonly links = new Map<string, Link>();
  readonly #options: RuntimeOptions;
  readonly #failures: Failures;
  readonly stalls: StallWatch;
  readonly #keptAlive = new Map<symbol, string>();
  #trial: Trial | undefined;
  /** Started without a node: it goes on whoever comes and goes, until it is stopped. */
  #waits = false;
  /** Ports that lost a link in the change that is carried out. */
  readonly #emptied = new Set<InPort>();
  /** Aborts when the graph stops or ends: what is still being set up then is not waited for. */
  readonly #setup = new AbortController();
  readonly finished: Promise<void>;
  #settle!: { resolve: () => void; reject: (error: Error) => void };
  /** Starts at 1: a frame of epoch 0 was not stamped yet. */
  epoch = 1;
  status: GraphStatus = 'idle';
  startedAt = 0;
  /** Why it was ended. */
  cause: Error | undefined;
  /** Faults that were reported but ended nothing, newest last. */
  readonly reports: { readonly node: string; readonly error: Error; readonly at: number }[] = [];

  constructor(options: RuntimeOptions) {
    this.name = options.name;
    this.clock = options.clock;
    this.#options = options;
    this.#failures = new Failures(this, options.random);
    this.stalls = new StallWatch(this, options.deadlines.stallMs);
    this.finished = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.finished.catch(() => {});
  }

  supervise(owner: Actor | string, options: Supervision): void {
    this.#failures.supervise(owner, options);
  }

  get setup(): AbortSignal {
    return this.#setup.signal;
  }

  nextEpoch(): number {
    this.epoch++;
    return this.epoch;
  }

  setStatus(status: GraphStatus, error?: Error): void {
    this.status = status;
    if (status !== 'running' && status !== 'draining') this.stalls.close();
    if (graphChannel.hasSubscribers) graphChannel.publish({ graph: this.name, status, error });
  }

  /**
   * Prepares what was added, then carries the change out, from the first link on without a pause: a running graph changes
   * between two frames. Whatever goes wrong, the graph is as it was.
   */
  async start(addition: Addition): Promise<void> {
    const formats = await prepareActors(addition.actors, this.#options.deadlines.setupMs, this);
    if (this.status !== 'starting' && this.status !== 'running') throw this.#endedMeanwhile();
    if (this.status === 'starting' && this.actors.size === 0) this.#wait();
    commit(this, addition, formats);
  }

  /** Without a node there is nothing to end with, nor anything that would keep the process from ending before. */
  #wait(): void {
    this.#waits = true;
    if (this.clock !== realClock) return;
    const alive = setInterval(() => {}, 2 ** 30);
    const over = () => clearInterval(alive);
    this.finished.then(over, over);
  }

  #endedMeanwhile(): SluiceError {
    const { cause } = this;
    const why = cause === undefined ? '' : `: ${cause.message}`;
    return new SluiceError(
      'SLUICE_ABORTED',
      `graph ${this.name} ended while it was being set up${why}`,
      cause === undefined ? {} : { cause },
    );
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

  /** An input that was added by name goes with its last link; a declared one waits for another. */
  removeEmptied(): void {
    for (const port of this.#emptied)
      if (port.links.length === 0 && port.actor instanceof NodeActor) port.actor.removeInput(port);
    this.#emptied.clear();
  }

  /** What is over now. A graph that changes for days must not keep it: it is forgotten with the next change. */
  whatIsOver(): { readonly actors: readonly Actor[]; readonly links: readonly Link[] } {
    const links = [...this.links.values()].filter((link) => link.over || link.to.actor.over);
    return { actors: [...this.actors.values()].filter((actor) => actor.over), links };
  }

  forget({ actors, links }: ReturnType<Runtime['whatIsOver']>): void {
    for (const actor of actors) this.actors.delete(actor.id);
    for (const link of links) {
      const { to } = link;
      this.links.delete(link.id);
      // One is left for the end of the port to be seen by; an input by name goes once it was seen.
      if (to.links.length > 1) to.links = to.links.filter((other) => other !== link);
      else if (to.ended && to.actor instanceof NodeActor) to.actor.removeInput(to);
    }
  }

  /** Takes out what a failed change had added. */
  discard({ actors, links, ports, displaced }: Addition, reason: Error): void {
    for (const link of links) {
      link.close();
      this.links.delete(link.id);
    }
    for (const port of ports) (port.actor as NodeActor).withdraw(port);
    for (const actor of actors) {
      this.actors.delete(actor.id);
      if (actor.over) continue;
      actor.setState('stopped');
      this.shut(actor, reason);
    }
    for (const { actor, id } of displaced) this.rename(actor, id);
    this.checkDone();
  }

  /** Gives an actor another name. */
  rename(actor: Actor, id: string): void {
    this.actors.delete(actor.id);
    actor.id = id;
    this.actors.set(id, actor);
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
      nodeChannel.publish({ graph: this.name, node: actor.id, state: actor.state, error: actor.lastError });
  }

  reported(actor: Actor, error: unknown): void {
    actor.errors++;
    actor.lastError = toError(error);
    this.reports.push({ node: actor.id, error: actor.lastError, at: this.clock.now() });
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

  /**
   * Takes a link out. `end`: what waits is finished and the receiver sees the end; `keep`: the receiver goes on without
   * it; `cancel`: what waits is dropped, and a sender without any receiver left is stopped.
   */
  unlink(link: Link, how: 'end' | 'keep' | 'cancel'): void {
    link.from.links = link.from.links.filter((other) => other !== link);
    if (how === 'end') return link.end();
    link.close();
    link.to.links = link.to.links.filter((other) => other !== link);
    if (how === 'keep') {
      this.links.delete(link.id);
      this.#emptied.add(link.to);
    }
    const sender = link.from.actor;
    if (how !== 'cancel' || sender.outputs.some((port) => port.links.length > 0)) return;
    if (sender.state === 'running' || sender.state === 'down') this.stopActor(sender, undefined);
  }

  /** Ends sources in order; everything behind them finishes what it was given. */
  async drain(): Promise<void> {
    if (this.status !== 'running') return;
    this.setStatus('draining');
    this.#setup.abort(new SluiceError('SLUICE_ABORTED', `graph ${this.name} was stopped while it was being changed`));
    for (const actor of this.actors.values()) if (actor instanceof NodeActor) actor.stopping();
    for (const actor of this.actors.values()) {
      // What a change was about to add is not waited for.
      if (actor.state === 'idle')
        this.stopActor(actor, new SluiceError('SLUICE_ABORTED', `${actor.id} was still being set up at the stop`));
      else if (actor.inputs.every((port) => port.links.length === 0)) this.stopActor(actor, undefined);
    }
    this.checkDone();
    const { drainMs } = this.#options.deadlines;
    try {
      await withDeadline(this.clock, drainMs, `draining graph ${this.name}`, this.finished, () => this.unfinished());
    } catch (error) {
      if (isSluiceError(error) && error.code === 'SLUICE_DEADLINE') this.abort(error, 'failed');
      throw error;
    }
  }

  /** Ends everything now. */
  abort(error: Error, status: 'failed' | 'stopped'): void {
    if (this.status === 'done' || this.status === 'failed' || this.status === 'stopped') return;
    this.cause = error;
    this.#setup.abort(this.status === 'starting' ? error : this.#endedMeanwhile());
    this.setStatus(status, error);
    for (const actor of this.actors.values()) {
      if (actor.over) continue;
      actor.setState(status === 'failed' && actor.lastError === error ? 'failed' : 'stopped');
      this.shut(actor, error);
    }
    for (const link of this.links.values()) link.close();
    this.#settleSinks().then(
      () => this.#settle.reject(error),
      () => this.#settle.reject(error),
    );
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
    const { stopMs } = this.#options.deadlines;
    await withDeadline(realClock, stopMs, `stopping graph ${this.name}`, Promise.all(all), () => [...waiting]);
  }

  keepAlive(label: string): () => void {
    const key = Symbol(label);
    this.#keptAlive.set(key, label);
    return () => {
      if (this.#keptAlive.delete(key)) this.checkDone();
    };
  }

  /** Who has not finished, for messages. */
  unfinished(): string[] {
    const actors = [...this.actors.values()].filter((actor) => !actor.over);
    return [
      ...actors.map((actor) => `${actor.describe()} holding ${actor.held + actor.unsent}`),
      ...this.#keptAlive.values(),
    ];
  }

  checkDone(): void {
    if (this.status !== 'running' && this.status !== 'draining') return;
    if (this.#keptAlive.size > 0 || (this.#waits && this.status === 'running')) return;
    for (const actor of this.actors.values()) if (!actor.over) return;
    const drained = this.status === 'draining';
    this.setStatus(drained ? 'stopped' : 'done');
    this.#settle.resolve();
  }

  remove(actor: Actor, drain: boolean): void {
    if (actor.over) return;
    if (drain && actor.inputs.length > 0) {
      for (const port of actor.inputs) for (const link of port.links) this.unlink(link, 'end');
    } else this.stopActor(actor, drain ? undefined : new SluiceError('SLUICE_ABORTED', `${actor.id} was removed`));
  }
}
