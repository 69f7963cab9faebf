import { checkKeys } from '../check-keys.ts';
import { outOfRange } from '../errors.ts';
import { interruptActors } from '../runtime/interrupt-actors.ts';
import type { SinkInterruption } from '../runtime/interrupt-tally.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Millis } from '../time/units.ts';
import { actorsIn, type Scope } from './actors-in.ts';

/** What {@link Graph.interrupt} cuts, and how fast sound fades. */
export interface InterruptOptions {
  /** What is interrupted. Default: the whole graph. */
  readonly scope?: Scope;
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

/** Interrupts what the options name. Resolves when devices have told what was heard. */
export async function interruptGraph(runtime: Runtime, options: InterruptOptions): Promise<InterruptReport> {
  checkKeys<InterruptOptions>('interrupt', options, { scope: true, fadeMs: true });
  const { scope, fadeMs = 5 } = options;
  if (!(fadeMs >= 0)) throw outOfRange('fadeMs', '0 ms or more', fadeMs);
  const { epoch, tally } = interruptActors(runtime, actorsIn(runtime, scope), fadeMs);
  await Promise.allSettled(tally.work);
  return { epoch, ...tally.report() };
}
