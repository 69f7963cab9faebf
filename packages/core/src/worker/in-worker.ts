// Operators on threads of their own, and how frames get there and back. No operator: users name the module.

import type { Observable, OperatorFunction } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange, SluiceError, toError } from '../errors.ts';
import { closeFrame, type Frame } from '../media/frame.ts';
import { actorContext } from '../operators/actor-context.ts';
import { BareFlow } from '../operators/bare-flow.ts';
import { describeOperator, type OperatorSpec } from '../operators/node-spec.ts';
import { realClock } from '../time/real-clock.ts';
import { type FromWorker, packFrame, unpackFrame } from './messages.ts';
import { workerPool } from './worker-pool.ts';

/** Which operator {@link inWorker} runs in a thread of its own, and what it is given. */
export interface WorkerOptions extends Omit<OperatorSpec, 'name' | 'maxHeld' | 'problems' | 'threaded' | 'controls'> {
  /** The module that exports a function `(options) => OperatorFunction`: `new URL('./denoise.js', import.meta.url)`. */
  readonly module: URL;
  /** Name of the export. Default `default`. */
  readonly exportName?: string;
  /** Given to the function; must survive a structured clone. */
  readonly options?: unknown;
  /** Frames that may be on the thread at once. Default 4. */
  readonly maxInFlight?: number;
  /**
   * A frame, or the end, that takes longer fails the node and ends its thread. Default 5,000 ms; Infinity for never. One that
   * takes a second, or half of this where that is less, is among the `problems` of `inspect()` until it is done.
   */
  readonly timeoutMs?: number;
}

/**
 * Runs an operator on a worker thread, so that heavy work does not hold up the event loop. Frames are transferred, not
 * copied; order is kept; the graph waits while `maxInFlight` frames are under way. Adds a thread hop each way (about
 * 50 µs). An operator that throws, ends its thread or hangs is an error of this node (`SLUICE_WORKER_FAILED`); its supervision
 * decides. Others on the same thread go on, unless it hangs: then the thread is ended, and they are told who did it.
 *
 * @example
 * bot.from(mic).pipe(inWorker({ module: new URL('./denoise.js', import.meta.url), options: { strength: 0.8 } }));
 */
export function inWorker<A extends Frame, B extends Frame = A>(options: WorkerOptions): OperatorFunction<A, B> {
  checkKeys<WorkerOptions>('inWorker', options, {
    module: true,
    exportName: true,
    options: true,
    maxInFlight: true,
    timeoutMs: true,
    accepts: true,
    produces: true,
    latencyMs: true,
    overflow: true,
    restamps: true,
  });
  const { module, exportName = 'default', maxInFlight = 4, timeoutMs = 5_000, ...spec } = options;
  if (!(module instanceof URL)) throw invalidArgument('module', "a URL: new URL('./x.js', import.meta.url)", module);
  if (!Number.isInteger(maxInFlight) || maxInFlight < 1) throw outOfRange('maxInFlight', '1 or more', maxInFlight);
  if (!(timeoutMs > 0)) throw outOfRange('timeoutMs', 'more than 0', timeoutMs);
  const name = `worker ${exportName === 'default' ? (module.pathname.split('/').at(-1) ?? 'module') : exportName}`;
  const code = { module: module.href, exportName, options: options.options };
  /** When the work that is under way began, for each subscription that has any. */
  const begun = new Map<object, number>();
  const problems = () => lateThreads(begun.values(), timeoutMs);

  return describeOperator(
    { ...spec, name, maxHeld: maxInFlight, problems, threaded: true },
    (source: Observable<A>) => {
      return new BareFlow<B>((destination) => {
        const context = actorContext();
        const waiting: { readonly release: () => void; readonly taken: () => void }[] = [];
        let cancelTimeout = () => {};
        let ending = false;

        const watch = () => {
          cancelTimeout();
          begun.delete(waiting);
          if (waiting.length === 0 && !ending) return;
          // Real time, also under a virtual clock: the thread runs in it.
          const now = realClock.now();
          begun.set(waiting, now);
          if (timeoutMs === Number.POSITIVE_INFINITY) return;
          cancelTimeout = realClock.at(now + timeoutMs, () =>
            thread.kill(
              new Error(`${name}: ${waiting.length > 0 ? 'a frame' : 'the end'} took longer than ${timeoutMs} ms`),
            ),
          );
        };
        const settle = () => {
          const frame = waiting.shift();
          frame?.release();
          frame?.taken();
          watch();
        };
        const receive = (message: FromWorker) => {
          if (message.type === 'frame') destination.next(unpackFrame(message.frame) as B);
          else if (message.type === 'taken') settle();
          else if (message.type === 'end') destination.complete();
          else destination.error(toWorkerError(name, message.error));
        };
        const thread = workerPool.place(code, {
          message: receive,
          failed: (error) => destination.error(error),
        });
        const hand = (frame: A) => {
          const { packed, transfer } = packFrame(frame);
          thread.send({ type: 'frame', id: thread.id, frame: packed }, transfer);
          let taken = () => {};
          const underWay = new Promise<void>((resolve) => {
            taken = resolve;
          });
          void context.clock.track(underWay);
          waiting.push({ release: context.hold(), taken });
          if (waiting.length === 1) watch();
          closeFrame(frame);
        };

        destination.add(() => {
          cancelTimeout();
          thread.remove();
          ending = false;
          while (waiting.length > 0) settle();
          begun.delete(waiting);
        });
        destination.add(
          source.subscribe({
            next: (frame) => {
              try {
                hand(frame);
              } catch (error) {
                closeFrame(frame);
                destination.error(toWorkerError(name, error));
              }
            },
            error: (error: unknown) => destination.error(error),
            complete: () => {
              thread.send({ type: 'end', id: thread.id }, []);
              ending = true;
              if (waiting.length === 0) watch();
            },
          }),
        );
      });
    },
  );
}

function toWorkerError(name: string, error: unknown): SluiceError {
  const cause = toError(error);
  return new SluiceError('SLUICE_WORKER_FAILED', `${name} failed: ${cause.message}`, { cause });
}

/** Work that takes this long is told, in milliseconds. A model may take longer: only `timeoutMs` ends it. */
const LATE_MS = 1_000;

function lateThreads(begun: Iterable<number>, timeoutMs: number): readonly string[] {
  const now = realClock.now();
  const late = Math.min(LATE_MS, timeoutMs / 2);
  return [...begun]
    .filter((at) => now - at >= late)
    .map((at) => {
      const end =
        timeoutMs === Number.POSITIVE_INFINITY ? 'nothing ends it' : `after ${timeoutMs} ms the thread is ended`;
      return `has waited ${Math.round(now - at)} ms for its thread to be done with a frame; ${end} (timeoutMs)`;
    });
}
