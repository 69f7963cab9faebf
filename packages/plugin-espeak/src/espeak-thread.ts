import { Worker } from 'node:worker_threads';
import type { SpeakMessage, ThreadData, ThreadMessage, TokenTime } from './messages.ts';
import { threadPath } from './thread-path.ts';

/** Why a request got no speech. */
export class Refusal extends Error {
  /** Whether the thread went with it: the same again may do in another one. */
  readonly died: boolean;

  constructor(message: string, died: boolean) {
    super(message);
    this.died = died;
  }
}

interface Waiting {
  readonly heard: (samples: Int16Array) => void;
  readonly resolve: (times: readonly TokenTime[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** A thread that speaks, one request at a time. It keeps nobody alive while it has nothing to do. */
export class EspeakThread {
  /** Resolves once it is warm, rejects with a `Refusal` if it never will be. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #unwanted = new Int32Array(new SharedArrayBuffer(4));
  #waiting: Waiting | undefined;
  #requests = 0;
  #gone = false;

  constructor(moduleUrl: string, path = threadPath()) {
    const workerData: ThreadData = { moduleUrl, unwanted: this.#unwanted };
    this.#worker = new Worker(path, { workerData, execArgv: [] });
    this.ready = new Promise((resolve, reject) => {
      let reason = 'it ended';
      this.#worker.on('message', (message: ThreadMessage) => {
        if (message.type !== 'ready') return this.#settle(message);
        this.#worker.unref();
        resolve();
      });
      this.#worker.once('error', (error: Error) => {
        reason = error.message;
      });
      this.#worker.once('exit', () => {
        this.#gone = true;
        const refusal = new Refusal(`its thread is lost (${reason})`, true);
        reject(refusal);
        this.#waiting?.reject(refusal);
        this.#waiting = undefined;
      });
    });
    this.ready.catch(() => {});
  }

  get gone(): boolean {
    return this.#gone;
  }

  /**
   * `heard` gets samples as they come, its own from then on. Rejects with a `Refusal`, or when the signal aborts with its
   * reason, once the thread has stopped.
   */
  speak(
    request: Omit<SpeakMessage, 'id'>,
    heard: (samples: Int16Array) => void,
    signal: AbortSignal,
  ): Promise<readonly TokenTime[]> {
    if (this.#gone) return Promise.reject(new Refusal('its thread is gone', true));
    const id = ++this.#requests;
    const onAbort = () => Atomics.store(this.#unwanted, 0, id);
    signal.addEventListener('abort', onAbort, { once: true });
    return new Promise<readonly TokenTime[]>((resolve, reject) => {
      this.#waiting = { heard: (samples) => signal.aborted || heard(samples), resolve, reject };
      this.#worker.ref();
      this.#worker.postMessage({ ...request, id } satisfies SpeakMessage);
    }).finally(() => {
      signal.removeEventListener('abort', onAbort);
      signal.throwIfAborted();
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(message: Exclude<ThreadMessage, { type: 'ready' }>): void {
    const waiting = this.#waiting;
    if (waiting === undefined || message.id !== this.#requests) return;
    if (message.type === 'audio') return waiting.heard(message.samples);
    this.#waiting = undefined;
    this.#worker.unref();
    if (message.type === 'spoken') waiting.resolve(message.times);
    else waiting.reject(new Refusal(message.reason, false));
  }
}
