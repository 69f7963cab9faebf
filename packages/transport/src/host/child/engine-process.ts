import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { type Cancel, isSluiceError } from '@sluice/core';
import { hostUnavailable } from '../host-errors.ts';
import { engineEntry } from './engine-entry.ts';
import { endAtExit } from './engines-at-exit.ts';
import { Outgoing } from './outgoing.ts';
import { SHARED_MEMORY, type SharedMemory } from './picture-lane.ts';
import { closeSharedMemory, openSharedMemory } from './shared-slots.ts';
import { ALIVE_EVERY_MS, SilenceCount } from './silence-count.ts';
import { type WireKind, WireReader } from './wire.ts';

/** How long a closed process has to end by itself, in milliseconds. */
const EXIT_WITHIN_MS = 1_000;

export interface EngineProcessHandlers {
  /** A message; the payload is valid during the call only. */
  message(kind: WireKind, payload: Buffer): void;
  /** Looked as often as the engine says that it is there. Returns true when it is to be killed. */
  look(): boolean;
  /** Told once, however it ended; not after `close`. */
  died(exitCode: number | null, signal: string | null): void;
}

/** One run of the engine's process, the pipe to it and the memory that is shared with it. */
export class EngineProcess {
  readonly memory: SharedMemory;
  readonly #child: ChildProcess;
  readonly #pipe: Socket;
  readonly #out: Outgoing;
  #flushing = false;
  readonly #handlers: EngineProcessHandlers;
  readonly #stopWatchdog: Cancel;
  readonly #stayAtExit: Cancel;
  readonly #silence = new SilenceCount();
  #over = false;

  /** Throws `SLUICE_HOST_UNAVAILABLE` if there is no program to run. */
  constructor(handlers: EngineProcessHandlers, entry = engineEntry()) {
    if (!existsSync(entry)) throw hostUnavailable(`the media host is not built: there is no ${entry}`);
    this.#handlers = handlers;
    this.memory = openMemory();
    const { send, receive } = this.memory;
    const shared = send === undefined || receive === undefined ? [] : [SHARED_MEMORY];
    // No inspector flags, no NODE_OPTIONS, no secrets: the engine parses what strangers send.
    const env = process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot };
    this.#child = spawn(process.execPath, ['--expose-gc', entry, String(process.pid), ...shared], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', send ?? 'ignore', receive ?? 'ignore'],
      env,
    });
    this.#stayAtExit = endAtExit(() => this.kill());
    this.#child.once('error', () => this.#end(null, null));
    this.#child.once('exit', (code, signal) => this.#end(code, signal));
    this.#pipe = this.#pipeOf(this.#child);
    this.#out = new Outgoing(this.#pipe);
    const reader = new WireReader((kind, payload) => {
      // Not of any byte: what never becomes a message is no word.
      this.#silence.heard();
      try {
        handlers.message(kind, payload);
      } catch (error) {
        if (isSluiceError(error) && error.code === 'SLUICE_HOST_PROTOCOL') throw error;
        // Not the engine's fault, and the next message has nothing to do with it.
        queueMicrotask(() => {
          throw error;
        });
      }
    });
    this.#pipe.on('data', (chunk: Buffer) => {
      if (this.#over) return;
      try {
        reader.push(chunk);
      } catch {
        this.kill();
      }
    });
    // The exit tells; a pipe that breaks a moment earlier says nothing new.
    this.#pipe.on('error', () => {});
    this.#stopWatchdog = this.#watch();
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Sends a message, whose last part may be an array of its own, which must not change until it was received. */
  send(message: Buffer, bytes?: Buffer): void {
    if (this.#over) return;
    this.#out.add(message);
    if (bytes !== undefined) return this.#out.addLarge(bytes);
    if (this.#flushing) return;
    this.#flushing = true;
    process.nextTick(this.#flush);
  }

  /** What many bots say when they hear of the same tick leaves in one piece. */
  readonly #flush = (): void => {
    this.#flushing = false;
    if (!this.#over) this.#out.flush();
  };

  /** Whether this process must stay alive for the engine's sake. */
  setReferenced(referenced: boolean): void {
    if (referenced) {
      this.#child.ref();
      this.#pipe.ref();
    } else {
      this.#child.unref();
      this.#pipe.unref();
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends the process; resolves when it is gone. */
  close(): Promise<void> {
    if (!this.#over) {
      this.#out.flush();
      this.#giveBack();
    }
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return Promise.resolve();
    this.setReferenced(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.kill(), EXIT_WITHIN_MS);
      this.#child.once('exit', () => {
        clearTimeout(timer);
        this.#pipe.destroy();
        resolve();
      });
      this.#pipe.end();
    });
  }

  /** Without descriptors left Node starts nothing and makes no pipes. */
  #pipeOf({ stdio }: ChildProcess): Socket {
    const pipe = (stdio as ChildProcess['stdio'] | undefined)?.[3];
    if (pipe instanceof Socket) return pipe;
    this.#over = true;
    this.#stayAtExit();
    closeSharedMemory(this.memory.send);
    closeSharedMemory(this.memory.receive);
    throw hostUnavailable(
      'the process of the media host could not be started',
      undefined,
      'Look at how many processes and open files this user may have',
    );
  }

  #watch(): Cancel {
    const timer = setInterval(() => {
      if (this.#silence.look() || this.#handlers.look()) this.kill();
    }, ALIVE_EVERY_MS);
    timer.unref();
    return () => clearInterval(timer);
  }

  #end(code: number | null, signal: string | null): void {
    this.#stayAtExit();
    if (this.#over) return;
    this.#giveBack();
    this.#pipe.destroy();
    this.#handlers.died(code, signal);
  }

  #giveBack(): void {
    this.#over = true;
    this.#stopWatchdog();
    closeSharedMemory(this.memory.send);
    closeSharedMemory(this.memory.receive);
  }
}

/** Both or nothing: a child that has one way only would be a third case. */
function openMemory(): SharedMemory {
  const [send, receive] = [openSharedMemory(), openSharedMemory()];
  if (send !== undefined && receive !== undefined) return { send, receive };
  closeSharedMemory(send);
  closeSharedMemory(receive);
  return { send: undefined, receive: undefined };
}
