import { type ChildProcess, fork } from 'node:child_process';
import type { Reply } from '../children/serve.ts';

/** A bench's own process: programs of `children/` that serve methods, so that what they do disturbs nobody else. */
export class ChildProgram {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(reason: Error): void }>();
  readonly #name: string;
  #lastId = 0;

  /** @param name file name in `children/` without its ending. */
  constructor(name: string, options: { readonly flags?: readonly string[] } = {}) {
    this.#name = name;
    // A file of the same ending as this one: the loader that runs this process runs it too.
    this.#process = fork(new URL(`../children/${name}.ts`, import.meta.url), {
      execArgv: [...process.execArgv, ...(options.flags ?? [])],
      serialization: 'advanced',
    });
    this.#process.on('message', (message) => this.#settle(message as Reply));
    this.#process.once('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${name} ended: ${signal ?? code}`));
      this.#waiting.clear();
    });
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** Calls a method of the program. Arguments and result are copied. */
  call<R = void>(method: string, ...args: readonly unknown[]): Promise<R> {
    const id = ++this.#lastId;
    return new Promise<unknown>((resolve, reject) => {
      if (this.#process.exitCode !== null) return reject(new Error(`${this.#name} has ended`));
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ id, method, args });
    }) as Promise<R>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 5_000);
    this.#process.disconnect();
    await ended;
    clearTimeout(timer);
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.error === undefined) waiting?.resolve(reply.value);
    else waiting?.reject(reply.error);
  }
}
