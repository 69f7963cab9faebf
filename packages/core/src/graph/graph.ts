import type { OperatorFunction } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange, SluiceError, toError } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import type { NodeBlueprint, Ports } from '../node/define-node.ts';
import type { PortSpec } from '../node/port.ts';
import type { Supervision } from '../node/supervision.ts';
import type { Actor } from '../runtime/actors/actor.ts';
import { type Addition, emptyAddition } from '../runtime/addition.ts';
import { DoubtLog, type WarnLogger } from '../runtime/doubt-log.ts';
import { interruptActors } from '../runtime/interrupt-actors.ts';
import { rememberSinks, type SinkInterruption } from '../runtime/interrupt-tally.ts';
import type { GraphStatus } from '../runtime/lifetime.ts';
import { type Deadlines, Runtime } from '../runtime/runtime.ts';
import { start } from '../runtime/start.ts';
import type { Clock } from '../time/clock.ts';
import { realClock } from '../time/real-clock.ts';
import type { Millis } from '../time/units.ts';
import { toDot, toMermaid } from './draw.ts';
import { insertInto, takeOut } from './edit-chain.ts';
import type { Flow, FlowSource, LinkRef, NodeOptions, NodeRef } from './flow.ts';
import { type AnyOperator, GraphBuilder, nodeRef, ownActor, ownLink } from './graph-builder.ts';
import type { BlueprintHandle, GraphScope } from './graph-scope.ts';
import { inspectRuntime } from './inspect.ts';
import type { GraphSnapshot } from './snapshot.ts';

export interface GraphOptions {
  /** Default: the real one. With a `VirtualClock` the whole graph runs in virtual time. */
  readonly clock?: Clock;
  readonly deadlines?: Partial<Deadlines>;
  /**
   * Told at the start, and after each change, what is doubtful: a flow without a sink, a device that nobody hears. pino's
   * interface. Default: nothing is logged, and `inspect().problems` has it.
   */
  readonly logger?: WarnLogger;
  /** Random numbers from 0 to 1 for restart pauses; a seeded one makes them repeatable. */
  readonly random?: () => number;
}

export interface InterruptOptions {
  /** What is interrupted: a group or node by its name, or several nodes. Default: the whole graph. */
  readonly scope?: string | readonly (NodeRef | string)[];
  /** Length of the fade where sound is cut. Default 5 ms. */
  readonly fadeMs?: number;
}

/** What an interruption cut. In milliseconds of media, counted in samples. */
export interface InterruptReport {
  /** The epoch that began. */
  readonly epoch: number;
  /**
   * Media that was heard since the start or the last interruption: the most of the sinks that tell what left them, as
   * devices do, and of what nodes told. Where nothing tells, the most that a sink was given. Never a sum: sinks of one
   * graph mostly play the same sound.
   */
  readonly heardMs: Millis;
  /** Media that was dropped: the most on any one way through links, operators and devices. */
  readonly droppedMs: Millis;
  /**
   * One entry for each sink that the interrupted nodes are or lead to. A sink outside the scope is not cut: it plays on
   * what it has, and its `heardMs` is what it played since this scope was added or interrupted last.
   */
  readonly sinks: readonly SinkInterruption[];
}

/** Changes to a graph that runs; carried out together or not at all, at a frame boundary. */
export interface GraphChange extends GraphScope {
  /** Takes a node out. `drain` (default): it finishes what it was given; otherwise it drops it. */
  remove(node: NodeRef | string, options?: { readonly drain?: boolean }): void;
  /** Takes a link out. The receiver goes on; with `end` it sees the end of the stream, behind what waits. */
  unlink(link: LinkRef | string, options?: { readonly end?: boolean }): void;
  /**
   * Puts operators, or a node of one input and one output, into a link. What waits on the link goes to the receiver first,
   * then what they make of all that follows: nothing is lost or comes twice, and a conversion on the link goes on with what
   * it knows of the sound, if the format stays.
   *
   * @example
   * ```ts
   * await bot.change((edit) => edit.insert(speech.link, gain({ db: -6 }), { name: 'quieter' }));
   * await bot.change((edit) => edit.takeOut('quieter'));
   * ```
   */
  insert<F extends Frame>(
    link: LinkRef | string,
    what: OperatorFunction<F, F> | readonly OperatorFunction<F, F>[] | NodeBlueprint,
    options?: Omit<NodeOptions, 'link'>,
  ): NodeRef;
  /**
   * Takes a node of one input and one output out of its chain: its receivers get what it still has, then what its sender
   * sends. What that sends meanwhile waits for them.
   */
  takeOut(node: NodeRef | string): void;
}

/**
 * A graph of actors. Build it with `from`, `pipe`, `to` and `add`, then `run()` it once.
 *
 * @example
 * const bot = graph('bot');
 * bot.from(fromWavFile('greeting.wav')).pipe(resample({ sampleRate: 16000 })).to(toWavFile('copy.wav'));
 * await bot.run();
 */
export function graph(name: string, options: GraphOptions = {}): Graph {
  return new Graph(name, options);
}

export class Graph implements GraphScope {
  readonly name: string;
  readonly #runtime: Runtime;
  readonly #builder: GraphBuilder;
  readonly #scope: GraphScope;
  readonly #doubts: DoubtLog;
  #changing = false;

  constructor(name: string, options: GraphOptions = {}) {
    checkKeys<GraphOptions>('graph', options, { clock: true, deadlines: true, logger: true, random: true });
    this.name = name;
    if (options.logger !== undefined && typeof options.logger?.warn !== 'function')
      throw invalidArgument('graph.logger', "an object with pino's warn(details, message)", options.logger);
    this.#doubts = new DoubtLog(name, options.logger);
    checkKeys<Deadlines>('graph.deadlines', options.deadlines ?? {}, {
      setupMs: true,
      drainMs: true,
      stopMs: true,
      stallMs: true,
    });
    for (const [key, ms] of Object.entries(options.deadlines ?? {}))
      if (!(ms >= 0)) throw outOfRange(`deadlines.${key}`, '0 ms or more', ms);
    this.#runtime = new Runtime({
      name,
      clock: options.clock ?? realClock,
      deadlines: { setupMs: 10_000, drainMs: 10_000, stopMs: 3_000, stallMs: 10_000, ...options.deadlines },
      random: options.random ?? Math.random,
    });
    this.#builder = new GraphBuilder(this.#runtime, () => this.#mayBuild());
    this.#scope = this.#builder.scope([]);
  }

  get status(): GraphStatus {
    return this.#runtime.status;
  }

  from<F extends Frame>(source: FlowSource<F>, options?: NodeOptions): Flow<F> {
    return this.#scope.from(source, options);
  }

  add<I extends Ports, O extends Ports, D extends PortSpec | undefined>(
    blueprint: NodeBlueprint<I, O, D>,
    options?: NodeOptions,
  ): BlueprintHandle<I, O, D> {
    return this.#scope.add(blueprint, options);
  }

  group<T>(name: string, build: (scope: GraphScope) => T, options?: Supervision): T {
    return this.#scope.group(name, build, options);
  }

  follow<F extends Frame>(flow: Flow<F> | NodeRef | string): Flow<F> {
    return this.#scope.follow(flow);
  }

  /**
   * Starts, and resolves when every sink has finished what it was given. Rejects with the fault that ended the graph, or
   * with `SLUICE_ABORTED` after `abort()`. After `stop()` it resolves.
   */
  async run(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    checkKeys<{ signal?: AbortSignal }>('run', options, { signal: true });
    const { signal } = options;
    signal?.throwIfAborted();
    const onAbort = () => this.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await this.start();
      await this.#runtime.lifetime.finished;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Starts, and resolves when everything runs. `finished` tells how it ended. A graph without any node waits for changes,
   * whoever comes and goes; it ends with `stop()` or `abort()` only.
   */
  async start(): Promise<void> {
    if (this.status !== 'idle')
      throw new SluiceError('SLUICE_GRAPH_STATE', `graph ${this.name} was started before`, {
        expected: 'status idle',
        received: this.status,
        fix: 'Build a new graph for each run',
      });
    this.#runtime.lifetime.setStatus('starting');
    this.#runtime.lifetime.startedAt = this.#runtime.clock.now();
    try {
      await this.#activate();
    } catch (error) {
      this.#runtime.abort(toError(error), 'failed');
      throw error;
    }
  }

  /** Resolves or rejects when the graph has ended, whoever started it. */
  get finished(): Promise<void> {
    return this.#runtime.lifetime.finished;
  }

  /** Ends the sources; resolves when everything behind them has finished what it was given, audibly too. */
  async stop(): Promise<void> {
    if (this.status === 'idle' || this.status === 'starting') return this.abort();
    if (this.status === 'running') await this.#runtime.drain();
    else if (this.status === 'draining') await this.#runtime.lifetime.finished;
  }

  /** Ends everything at once and drops what is under way. */
  abort(reason?: unknown): void {
    const details = reason === undefined ? {} : { cause: reason };
    this.#runtime.abort(new SluiceError('SLUICE_ABORTED', `graph ${this.name} was aborted`, details), 'stopped');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch(() => {});
    await this.#runtime.lifetime.finished.catch(() => {});
  }

  /**
   * Makes everything that was made so far void, at once: queues, operators and devices drop it, with a short fade
   * instead of a click. Sources go on. Resolves when devices have told what was heard.
   */
  async interrupt(options: InterruptOptions = {}): Promise<InterruptReport> {
    checkKeys<InterruptOptions>('interrupt', options, { scope: true, fadeMs: true });
    const { scope, fadeMs = 5 } = options;
    if (!(fadeMs >= 0)) throw outOfRange('fadeMs', '0 ms or more', fadeMs);
    const { epoch, tally } = interruptActors(this.#runtime, this.#inScope(scope), fadeMs);
    await Promise.allSettled(tally.work);
    return { epoch, ...tally.report() };
  }

  /**
   * Changes the running graph, at one frame boundary: what is added starts at once. If anything of it fails, the graph
   * stays as it was, and the promise rejects with the cause. What is removed may give its name to what is added.
   */
  async change(edit: (change: GraphChange) => void): Promise<void> {
    if (this.status !== 'running')
      throw new SluiceError('SLUICE_GRAPH_STATE', `graph ${this.name} is not running`, {
        expected: 'status running',
        received: this.status,
        fix: 'Before the start, build on it directly',
      });
    const { removals } = this.#builder.addition;
    this.#changing = true;
    try {
      edit({
        from: (source, options) => this.from(source, options),
        add: (blueprint, options) => this.add(blueprint, options),
        group: (name, build, options) => this.group(name, build, options),
        follow: (flow) => this.follow(flow),
        remove: (node, options = {}) => {
          checkKeys<{ drain?: boolean }>('remove', options, { drain: true });
          removals.push({ actor: ownActor(this.#runtime, node), drain: options.drain ?? true });
        },
        unlink: (ref, options = {}) => {
          checkKeys<{ end?: boolean }>('unlink', options, { end: true });
          removals.push({ link: ownLink(this.#runtime, ref), end: options.end ?? false });
        },
        insert: (ref, what, options = {}) => {
          const inserted = typeof what === 'function' ? [what] : what;
          const link = ownLink(this.#runtime, ref);
          return nodeRef(insertInto(this.#builder, link, inserted as readonly AnyOperator[] | NodeBlueprint, options));
        },
        takeOut: (node) => takeOut(this.#builder, ownActor(this.#runtime, node)),
      });
    } catch (error) {
      this.#runtime.discard(this.#takeAddition(), toError(error));
      throw error;
    } finally {
      this.#changing = false;
    }
    await this.#activate();
  }

  /** Topology and numbers as they are now. Costs nothing between calls. */
  inspect(): GraphSnapshot {
    return inspectRuntime(this.#runtime);
  }

  /** The graph as a Mermaid flowchart, with formats and inserted converters. */
  toMermaid(): string {
    return toMermaid(this.inspect());
  }

  /** The graph in Graphviz DOT. */
  toDot(): string {
    return toDot(this.inspect());
  }

  async #activate(): Promise<void> {
    const addition = this.#takeAddition();
    const isChange = this.status === 'running';
    try {
      await start(this.#runtime, addition);
      if (isChange) rememberSinks(addition.actors);
      this.#doubts.tell(this.#runtime.actors.values());
    } catch (error) {
      if (this.status !== 'starting') this.#runtime.discard(addition, toError(error));
      throw error;
    }
  }

  #takeAddition(): Addition {
    const { addition } = this.#builder;
    this.#builder.addition = emptyAddition();
    return addition;
  }

  #inScope(scope: InterruptOptions['scope']): Actor[] {
    const all = [...this.#runtime.actors.values()];
    if (scope === undefined) return all;
    if (typeof scope !== 'string') return scope.map((node) => ownActor(this.#runtime, node));
    const named = all.filter((actor) => actor.groups.includes(scope));
    const inside = named.length === 0 ? all.filter((actor) => actor.id === scope) : named;
    if (inside.length === 0)
      throw new SluiceError('SLUICE_GRAPH_INVALID', `there is no group or node ${scope} in graph ${this.name}`, {
        expected: `one of ${[...new Set(all.flatMap((actor) => [...actor.groups, actor.id]))].join(', ')}`,
      });
    return inside;
  }

  #mayBuild(): void {
    if (this.status === 'idle' || this.#changing) return;
    throw new SluiceError('SLUICE_GRAPH_STATE', `graph ${this.name} is ${this.status} and cannot be built on`, {
      fix: 'Use graph.change((edit) => ...) while it runs',
    });
  }
}
