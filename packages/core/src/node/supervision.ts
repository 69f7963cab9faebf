import { checkKeys, type KeysOf } from '../check-keys.ts';
import { invalidArgument, outOfRange } from '../errors.ts';

/** What may happen when a node fails: see {@link Supervision}. */
export const failureActions = ['resume', 'restart', 'stop', 'escalate'] as const;
/**
 * What happens to a node that failed. `resume`: the frame is lost and counted, the node goes on; without a frame to
 * lose (a chain that fails as it is subscribed to, a source, a sink) it escalates. `restart`: it starts anew after a
 * pause, within a budget, then escalates. `stop`: it ends, and its outputs end in order. `escalate`: the graph fails.
 */
export type FailureAction = (typeof failureActions)[number];

/** How often a node may be restarted before its failure is passed on, and how long it waits before. */
export interface RestartBudget {
  /** How many restarts within `withinMs`. Default 3. */
  readonly max?: number;
  /** Default 5,000 ms. */
  readonly withinMs?: number;
  /** The first pause; it doubles with each restart within the window. Default 50 ms. */
  readonly backoffMs?: number;
  /** The longest pause. Default 5,000 ms. */
  readonly maxBackoffMs?: number;
}

/** What happens when a node fails: it goes on with the next frame, is made anew, ends by itself, or takes the graph down. */
export interface Supervision {
  /** Default `escalate`. */
  readonly onError?: FailureAction;
  /** How often it may be restarted, with `restart` only; then it escalates. Default: 3 times within 5 s. */
  readonly restart?: RestartBudget;
}

/** The keys of `Supervision`, for those that extend it. */
export const supervisionKeys = { onError: true, restart: true } as const satisfies KeysOf<Supervision>;

/** What to do now. */
export type Verdict =
  | { readonly action: 'resume' | 'stop' | 'escalate' }
  | { readonly action: 'restart'; readonly delayMs: number }
  | { readonly action: 'exhausted'; readonly max: number; readonly withinMs: number };

/** Decides about one node or one group: counts restarts in a sliding window, so that a healthy stretch pays them back. */
export class Supervisor {
  readonly action: FailureAction;
  readonly #max: number;
  readonly #withinMs: number;
  readonly #backoffMs: number;
  readonly #maxBackoffMs: number;
  readonly #random: () => number;
  #restarts: number[] = [];

  constructor(options: Supervision, random: () => number) {
    const { onError = 'escalate', restart = {} } = options;
    checkKeys<RestartBudget>('restart', restart, { max: true, withinMs: true, backoffMs: true, maxBackoffMs: true });
    if (!failureActions.includes(onError))
      throw invalidArgument('onError', `one of ${failureActions.join(', ')}`, onError);
    this.action = onError;
    this.#max = positive('restart.max', restart.max ?? 3);
    this.#withinMs = positive('restart.withinMs', restart.withinMs ?? 5_000);
    this.#backoffMs = positive('restart.backoffMs', restart.backoffMs ?? 50);
    this.#maxBackoffMs = positive('restart.maxBackoffMs', restart.maxBackoffMs ?? 5_000);
    this.#random = random;
  }

  /** The verdict on a failure at `now` (ms). */
  judge(now: number): Verdict {
    if (this.action !== 'restart') return { action: this.action };
    this.#restarts = this.#restarts.filter((time) => now - time < this.#withinMs);
    if (this.#restarts.length >= this.#max) return { action: 'exhausted', max: this.#max, withinMs: this.#withinMs };
    const ceiling = Math.min(this.#backoffMs * 2 ** this.#restarts.length, this.#maxBackoffMs);
    this.#restarts.push(now);
    // Half fixed, half random: nodes that failed together do not come back together, and none comes back at once.
    return { action: 'restart', delayMs: ceiling / 2 + (ceiling / 2) * this.#random() };
  }
}

function positive(name: string, value: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(name, 'a number', value);
  if (value <= 0) throw outOfRange(name, 'more than 0', value);
  return value;
}
