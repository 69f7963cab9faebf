import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What a bot said, and who heard it when. */
export interface Said {
  readonly worker: string;
  readonly job: string;
  readonly n: number;
  readonly lease: number;
}

/** A worker in a process of its own, and a place where everything that is said is heard in order. */
export interface WorkerProcess extends Disposable {
  readonly id: string;
  readonly process: ChildProcess;
  drain(): Promise<void>;
}

/** Hears what bots of many processes say. */
export class Room {
  readonly said: Said[] = [];
  readonly #waits = new Set<() => void>();

  hear(said: Said): void {
    this.said.push(said);
    for (const look of this.#waits) look();
  }

  /** Resolves with the first thing said from now on that is meant. */
  next(isMeant: (said: Said) => boolean): Promise<Said> {
    const from = this.said.length;
    return new Promise((resolve) => {
      const look = () => {
        const found = this.said.slice(from).find(isMeant);
        if (found === undefined) return;
        this.#waits.delete(look);
        resolve(found);
      };
      this.#waits.add(look);
    });
  }
}

export async function startWorkerProcess(room: Room, url: string, name: string): Promise<WorkerProcess> {
  const child = fork(join(import.meta.dirname, 'worker-process.mjs'), [url, name], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const id = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const told = JSON.parse(line) as Said & { readonly ready?: string };
      if (told.ready === undefined) room.hear(told);
      else resolve(told.ready);
    });
  });
  return {
    id,
    process: child,
    drain: async () => {
      child.send('drain');
      await once(child, 'message');
    },
    [Symbol.dispose]: () => {
      process.off('exit', kill);
      kill();
    },
  };
}
