import { SluiceError } from '../errors.ts';
import type { Clock } from '../time/clock.ts';
import { realClock } from '../time/real-clock.ts';
import { type GraphMessage, graphChannel } from './channels.ts';

export const graphStates = ['idle', 'starting', 'running', 'draining', 'done', 'failed', 'stopped'] as const;
export type GraphStatus = (typeof graphStates)[number];

/** How a graph lives: its status, what keeps it alive, and how whoever waits for it hears of its end. */
export class Lifetime {
  readonly #graph: { readonly name: string; readonly id: number };
  readonly #keptAlive = new Map<symbol, string>();
  /** Started without a node: it goes on whoever comes and goes, until it is stopped. */
  #waits = false;
  /** What is still being set up when the graph stops or ends is not waited for. */
  readonly #setup = new AbortController();
  readonly #settle: { resolve: () => void; reject: (error: Error) => void };
  readonly finished: Promise<void>;
  status: GraphStatus = 'idle';
  startedAt = 0;
  /** Why it was ended. */
  cause: Error | undefined;

  constructor(graph: { readonly name: string; readonly id: number }) {
    this.#graph = graph;
    const settle = { resolve: () => {}, reject: (_error: Error) => {} };
    this.finished = new Promise((resolve, reject) => {
      settle.resolve = resolve;
      settle.reject = reject;
    });
    this.finished.catch(() => {});
    this.#settle = settle;
  }

  /** Aborts with the graph's error when nothing is to be set up any more. */
  get setup(): AbortSignal {
    return this.#setup.signal;
  }

  /** Whether actors are at work. */
  get active(): boolean {
    return this.status === 'running' || this.status === 'draining';
  }

  get over(): boolean {
    return this.status === 'done' || this.status === 'failed' || this.status === 'stopped';
  }

  /** Whether it ends as soon as no actor goes on. */
  get mayEnd(): boolean {
    return this.active && this.#keptAlive.size === 0 && !(this.#waits && this.status === 'running');
  }

  /** Who keeps it alive, for messages. */
  get keptAliveBy(): readonly string[] {
    return [...this.#keptAlive.values()];
  }

  setStatus(status: GraphStatus, error?: Error): void {
    this.status = status;
    if (!graphChannel.hasSubscribers) return;
    const { name, id } = this.#graph;
    graphChannel.publish({ graph: name, id, status, error } satisfies GraphMessage);
  }

  /** Without a node there is nothing to end with, nor anything that would keep the process from ending before. */
  waitForNodes(clock: Clock): void {
    this.#waits = true;
    if (clock !== realClock) return;
    const alive = setInterval(() => {}, 2 ** 30);
    const over = () => clearInterval(alive);
    this.finished.then(over, over);
  }

  keepAlive(label: string, released: () => void): () => void {
    const key = Symbol(label);
    this.#keptAlive.set(key, label);
    return () => {
      if (this.#keptAlive.delete(key)) released();
    };
  }

  /** Nothing more is to be set up: it is being stopped. */
  stopSetup(): void {
    this.#setup.abort(
      new SluiceError('SLUICE_ABORTED', `graph ${this.#graph.name} was stopped while it was being changed`),
    );
  }

  /** It has come to its end, as it should. */
  end(): void {
    this.setStatus(this.status === 'draining' ? 'stopped' : 'done');
    this.#settle.resolve();
  }

  /** It ends now. Whoever waits for it hears of it with `rejected`. */
  abort(cause: Error, status: 'failed' | 'stopped'): void {
    this.cause = cause;
    this.#setup.abort(this.status === 'starting' ? cause : this.endedMeanwhile());
    this.setStatus(status, cause);
  }

  rejected(): void {
    this.#settle.reject(this.cause!);
  }

  /** The fault of what was set up for a graph that is over by now. */
  endedMeanwhile(): SluiceError {
    const { cause } = this;
    const why = cause === undefined ? '' : `: ${cause.message}`;
    return new SluiceError(
      'SLUICE_ABORTED',
      `graph ${this.#graph.name} ended while it was being set up${why}`,
      cause === undefined ? {} : { cause },
    );
  }
}
