import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BotCommand, BotMessage } from './messages.ts';

type MessageOf<T extends BotMessage['type']> = Extract<BotMessage, { readonly type: T }>;

/** A bot in a process of its own. */
export class BotProcess {
  readonly #child: ChildProcess;
  readonly #received: BotMessage[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #name: string;
  #exit: string | undefined;

  /** @param program the bot's file beside this one. */
  constructor(name: string, program: string, args: readonly string[]) {
    this.#name = name;
    const file = fileURLToPath(new URL(program, import.meta.url));
    this.#child = spawn(process.execPath, [...process.execArgv, file, ...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: BotMessage) => {
      this.#received.push(message);
      this.#notify();
    });
    this.#child.on('close', (code, signal) => {
      this.#exit = signal ?? `code ${code}`;
      this.#notify();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  onMessage(listener: (message: BotMessage) => void): void {
    this.#child.on('message', listener);
  }

  tell(command: BotCommand): void {
    if (this.#child.connected) this.#child.send(command);
  }

  /** Resolves with the first message of a type. Rejects when the bot failed, ended without it, or takes too long. */
  told<T extends BotMessage['type']>(type: T, timeoutMs: number): Promise<MessageOf<T>> {
    const isIt = (message: BotMessage): message is MessageOf<T> => message.type === type;
    return this.#wait(() => this.#received.find(isIt) ?? this.#failed(), `did not say "${type}"`, timeoutMs);
  }

  /** Never resolves; rejects when the bot has failed or ended. */
  failure(): Promise<never> {
    return this.#wait<never>(() => this.#failed(), '', undefined);
  }

  /** Resolves when the bot has ended. */
  ended(timeoutMs: number): Promise<string> {
    return this.#wait(() => this.#exit, 'did not end', timeoutMs);
  }

  #failed(): Error | undefined {
    const failure = this.#received.find((message) => message.type === 'failed');
    if (failure !== undefined) return new Error(`${this.#name} failed: ${failure.message}`);
    return this.#exit === undefined ? undefined : new Error(`${this.#name} ended with ${this.#exit}`);
  }

  /** Resolves, or rejects, with what `look` finds when something has happened. */
  #wait<T>(look: () => T | Error | undefined, omission: string, timeoutMs: number | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (result: T | Error) => {
        clearTimeout(timer);
        this.#listeners.delete(check);
        if (result instanceof Error) reject(result);
        else resolve(result);
      };
      const check = () => {
        const found = look();
        if (found !== undefined) end(found);
      };
      const late = () => end(new Error(`${this.#name} ${omission} within ${timeoutMs} ms`));
      const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs);
      this.#listeners.add(check);
      check();
    });
  }

  /** Ends the bot at once. The engine's process ends with it. */
  kill(): void {
    if (this.#exit === undefined) this.#child.kill('SIGKILL');
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
