import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A child process that has taken what it was told to, and ends with the block. */
export interface GreedyChild extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Resolves when it has ended. */
  end(): Promise<void>;
}

export async function startGreedyChild(cpuMs: number | 'ever', memoryMb: number): Promise<GreedyChild> {
  const child = fork(join(import.meta.dirname, 'greedy-child.mjs'), [`${cpuMs}`, `${memoryMb}`], { execArgv: [] });
  await once(child, 'message');
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { process: child, end, [Symbol.asyncDispose]: end };
}
