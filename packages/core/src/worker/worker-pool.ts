import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SluiceError, toError } from '../errors.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** Who uses a placed operator. */
export interface Placement {
  message(message: FromWorker): void;
  failed(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  readonly placements: Map<number, Placement>;
}

/** Threads are compiled code: from TypeScript sources the built twin is started. */
const entry = import.meta.url.endsWith('.ts')
  ? new URL('../../dist/worker/worker-main.js', import.meta.url)
  : new URL('./worker-main.js', import.meta.url);

/** Long-lived threads for placed operators, as many as there are cores to spare. A thread without placements ends. */
class WorkerPool {
  readonly #threads: Thread[] = [];
  readonly #size = Math.max(1, availableParallelism() - 1);
  #lastId = 0;

  /** Puts an operator on the least busy thread. */
  place(
    code: { readonly module: string; readonly exportName: string; readonly options: unknown },
    placement: Placement,
  ): {
    send(message: ToWorker, transfer: ArrayBuffer[]): void;
    readonly id: number;
    remove(): void;
    kill(error: Error): void;
  } {
    const thread = this.#threads.length < this.#size ? this.#spawn() : this.#leastBusy();
    const id = ++this.#lastId;
    thread.placements.set(id, placement);
    thread.worker.postMessage({ type: 'place', id, ...code } satisfies ToWorker);
    return {
      id,
      send: (message, transfer) => thread.worker.postMessage(message, transfer),
      remove: () => this.#remove(thread, id),
      kill: (error) => this.#bury(thread, error),
    };
  }

  #spawn(): Thread {
    const worker = new Worker(entry);
    const thread: Thread = { worker, placements: new Map() };
    worker.on('message', (message: FromWorker) => thread.placements.get(message.id)?.message(message));
    worker.on('error', (error) => this.#bury(thread, toError(error)));
    worker.on('exit', (code) => this.#bury(thread, new Error(`the thread ended with code ${code}`)));
    this.#threads.push(thread);
    return thread;
  }

  #leastBusy(): Thread {
    return this.#threads.reduce((least, thread) => (thread.placements.size < least.placements.size ? thread : least));
  }

  #remove(thread: Thread, id: number): void {
    if (!thread.placements.delete(id)) return;
    if (thread.placements.size > 0) thread.worker.postMessage({ type: 'remove', id } satisfies ToWorker);
    else this.#end(thread);
  }

  /** A thread died or hangs: everybody on it is told. */
  #bury(thread: Thread, cause: Error): void {
    const placements = [...thread.placements.values()];
    thread.placements.clear();
    this.#end(thread);
    for (const placement of placements)
      placement.failed(
        new SluiceError('SLUICE_WORKER_FAILED', `the worker thread failed: ${cause.message}`, {
          fix: 'Frames in flight are lost; declare onError: restart to start it anew',
          cause,
        }),
      );
  }

  #end(thread: Thread): void {
    const index = this.#threads.indexOf(thread);
    if (index < 0) return;
    this.#threads.splice(index, 1);
    thread.worker.terminate().catch(() => {});
  }
}

export const workerPool = new WorkerPool();
