import { type ChildProcess, fork } from 'node:child_process';
import type { ChildMessage, SpeakMessage, Speech } from '../messages.ts';
import { childPath } from './child-path.ts';

/** Why a request got no speech. */
export class Refusal extends Error {
  /** Whether the process went with it: the same again may do in another one. */
  readonly died: boolean;

  constructor(message: string, died: boolean) {
    super(message);
    this.died = died;
  }
}

interface Waiting {
  readonly resolve: (speech: Speech) => void;
  readonly reject: (refusal: Refusal) => void;
}

/** One process that speaks, one request at a time. It keeps nobody alive while it has nothing to do. */
export class FliteProcess {
  /** Resolves once it is warm, rejects with a `Refusal` if it never will be. */
  readonly ready: Promise<void>;
  /** Resolves when it is gone, whatever ended it. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #waiting: Waiting | undefined;
  #requests = 0;
  #gone = false;

  constructor(path = childPath()) {
    // No inspector flags, no NODE_OPTIONS, no secrets: it needs none of them.
    const env = process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot };
    this.#child = fork(path, [], {
      execArgv: [],
      env,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const ended = new Promise<string>((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(signal ?? `status ${code}`));
      this.#child.once('error', (error) => resolve(error.message));
    });
    this.ready = new Promise((resolve, reject) => {
      this.#child.on('message', (message: ChildMessage) => {
        if (message.type !== 'ready') return this.#settle(message);
        this.#hold(false);
        resolve();
      });
      void ended.then((how) => reject(new Refusal(`its process ended (${how})`, true)));
    });
    this.ended = ended.then((how) => {
      this.#gone = true;
      this.#waiting?.reject(new Refusal(`its process ended (${how})`, true));
      this.#waiting = undefined;
    });
    this.ready.catch(() => {});
  }

  get gone(): boolean {
    return this.#gone;
  }

  get busy(): boolean {
    return this.#waiting !== undefined;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Rejects with a `Refusal`. Call it when `ready` and not `busy`. */
  speak(request: Omit<SpeakMessage, 'id'>): Promise<Speech> {
    if (this.#gone) return Promise.reject(new Refusal('its process is gone', true));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#hold(true);
      const message: SpeakMessage = { ...request, id: ++this.#requests };
      // What cannot be sent is told by the exit.
      this.#child.send(message, () => {});
    });
  }

  /** Ends it at once; resolves when it is gone. */
  kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#hold(true);
    return this.ended;
  }

  #settle(message: Exclude<ChildMessage, { type: 'ready' }>): void {
    const waiting = this.#waiting;
    if (waiting === undefined || message.id !== this.#requests) return;
    this.#waiting = undefined;
    this.#hold(false);
    if (message.type === 'speech') waiting.resolve({ samples: message.samples, times: message.times });
    else waiting.reject(new Refusal(message.reason, false));
  }

  /** Whether this program must stay alive for it. */
  #hold(held: boolean): void {
    if (held) {
      this.#child.ref();
      this.#child.channel?.ref();
    } else {
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }
}
