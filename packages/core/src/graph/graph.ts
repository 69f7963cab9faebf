// Graphs as users meet them: building, changing, inspecting and drawing them, and telling what is wrong. Nothing
// that a frame passes: that is the runtime.

import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange, SluiceError, toError } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import type { NodeBlueprint, Ports } from '../node/define-node.ts';
import type { PortSpec } from '../node/port.ts';
import type { Supervision } from '../node/supervision.ts';
import type { ControlMessage } from '../operators/actor-context.ts';
import { type Addition, emptyAddition } from '../runtime/addition.ts';
import { DoubtLog, type WarnLogger } from '../runtime/doubt-log.ts';
import { formatFaults } from '../runtime/format-faults.ts';
import { rememberSinks } from '../runtime/interrupt-tally.ts';
import type { GraphStatus } from '../runtime/lifetime.ts';
import { type Deadlines, Runtime } from '../runtime/runtime.ts';
import { sendControl } from '../runtime/send-control.ts';
import { start } from '../runtime/start.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import { realClock } from '../time/real-clock.ts';
import { buildScope } from './build-scope.ts';
import { dotOf, mermaidOf } from './draw.ts';
import type { Flow, FlowSource, LinkRef, NodeOptions, NodeRef } from './flow.ts';
import { GraphBuilder } from './graph-builder.ts';
import { type GraphChange, graphChange } from './graph-change.ts';
import type { BlueprintHandle, GraphScope } from './graph-scope.ts';
import { inspectRuntime } from './inspect.ts';
import { type InterruptOptions, type InterruptReport, interruptGraph } from './interrupt.ts';
import { awaitsInspector, offerToInspector } from './offer-to-inspector.ts';
import { type PauseOptions, type PauseReport, pauseGraph, type ResumeOptions, resumeGraph } from './pause.ts';
import { type PrefetchOptions, prefetchNodes } from './prefetch.ts';
import { ownActor, ownLink } from './refs.ts';
import { rememberRuntime } from './runtime-of.ts';
import type { GraphSnapshot } from './snapshot.ts';
import { tapLink } from './tap-link.ts';

/** What a graph runs by: its clock, its deadlines and who is told what is doubtful. */
export interface GraphOptions {
  /** Default: the real one. With a `VirtualClock` the whole graph runs in virtual time. */
  readonly clock?: Clock;
  /** How long opening, closing and ending may take, in milliseconds; what is left out keeps its default. */
  readonly deadlines?: Partial<Deadlines>;
  /**
   * Told at the start, and after each change, what is doubtful: a flow without a sink, a device that nobody hears. pino's
   * interface. Default: nothing is logged, and `inspect().problems` has it.
   */
  readonly logger?: WarnLogger;
  /**
   * Random numbers from 0 to 1 for what is left to chance: pauses before a restart, or before a model is asked again. A
   * seeded one makes them repeatable. Default `Math.random`.
   */
  readonly random?: () => number;
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

/** Actors and the links between them: built by {@link graph}, run, changed, interrupted, paused, inspected and drawn. */
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
    rememberRuntime(this, this.#runtime);
    this.#builder = new GraphBuilder(this.#runtime, () => this.#mayBuild());
    this.#scope = buildScope(this.#builder, []);
  }

  /** Unique in this process, as names need not be: messages of diagnostics channels say it. */
  get id(): number {
    return this.#runtime.id;
  }

  /** What its nodes take the time from. */
  get clock(): Clock {
    return this.#runtime.clock;
  }

  /** What its nodes leave to chance: numbers from 0 to 1. */
  get random(): () => number {
    return this.#runtime.random;
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
   * Lets every node fetch what it needs before it can run, models for example, side by side; before the start, so that
   * nobody waits in a call. Nodes that need nothing take no part.
   *
   * @throws the first fault, as an error that names its node; SLUICE_DEADLINE naming those that are not ready
   */
  async prefetch(options: PrefetchOptions = {}): Promise<void> {
    await prefetchNodes(this.#runtime, options);
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
    if (awaitsInspector(this)) await offerToInspector(this);
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

  /** Ends the sources, resumes what is paused; resolves when everything behind has finished what it was given, audibly too. */
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
    return interruptGraph(this.#runtime, options);
  }

  /**
   * Lets sinks stand still at once: what plays falls silent within the fade and 10 ms and keeps what it has, the others
   * take nothing. The epoch stays, receipts stand still, and what comes before is held back; live sources meet the policy of
   * their link. Resolves when nothing is heard any more, or when it was resumed. May come before the start. An interruption, a change or an abort
   * meanwhile does what it always does: what is paused stays so, what is added is not paused. Who stands still already is
   * left alone, but for the bound.
   *
   * @throws TypeError, RangeError, `SLUICE_GRAPH_INVALID` (as rejections) for what makes no sense or is not there
   */
  async pause(options: PauseOptions = {}): Promise<PauseReport> {
    return pauseGraph(this.#runtime, options);
  }

  /** Lets what is paused go on with the sample after the last that was heard; nothing is lost or repeated. `stop()` does too. */
  resume(options: ResumeOptions = {}): void {
    resumeGraph(this.#runtime, options);
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
    this.#changing = true;
    try {
      edit(graphChange(this, this.#builder));
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

  /**
   * What the start would refuse of formats, without starting: sound that goes where pictures are taken, for example. As far as
   * formats are known before anything is opened: what a file or a call has is not.
   *
   * @returns the errors that `start()` would throw, `SLUICE_LINK_FORMAT`; empty where none is foreseen
   */
  formatFaults(): readonly Error[] {
    const { actors, links } = this.#runtime.wiring.seen();
    return formatFaults(actors, links);
  }

  /**
   * Lets somebody see each frame of a link right before its receiver gets it, behind conversion and drops: `frame.gap` tells
   * of those. `look` must neither keep, change nor close the frame; `clone()` it or copy what is needed. Who throws is taken
   * off, with a warning of the process. Costs nothing while nobody looks. Returns what ends it; the end of the link does too.
   *
   * @param link what `to()` gave, or an id that `inspect()` shows
   * @throws `SLUICE_LINK_INVALID` for a link that is not there
   */
  tap(link: LinkRef | string, look: (frame: Frame) => void): Cancel {
    return tapLink(ownLink(this.#runtime, link), look);
  }

  /**
   * Sends a node a control message, between two of its frames. Rejects with `SLUICE_NODE_CONTROL` if it does not know it.
   *
   * @param node what `add` or `from` gave, or an id that `inspect()` shows
   */
  async send(node: NodeRef | string, message: ControlMessage): Promise<void> {
    await sendControl(ownActor(this.#runtime, node), message);
  }

  /**
   * Lets something that was built into the graph tell figures of its own in `inspect().figures`. `read` is called when
   * somebody looks, and only then; it gives plain data. Returns what takes it back.
   *
   * @param name unique in the graph: of a name that is taken, the second is told as `name-2`
   */
  figures(name: string, read: () => object): Cancel {
    const { figures } = this.#runtime;
    let free = name;
    for (let count = 2; figures.has(free); count++) free = `${name}-${count}`;
    figures.set(free, read);
    return () => void figures.delete(free);
  }

  /** The graph as a Mermaid flowchart, with formats and inserted converters. */
  toMermaid(): string {
    return mermaidOf(this.inspect());
  }

  /** The graph in Graphviz DOT. */
  toDot(): string {
    return dotOf(this.inspect());
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

  #mayBuild(): void {
    if (this.status === 'idle' || this.#changing) return;
    throw new SluiceError('SLUICE_GRAPH_STATE', `graph ${this.name} is ${this.status} and cannot be built on`, {
      fix: 'Use graph.change((edit) => ...) while it runs',
    });
  }
}
