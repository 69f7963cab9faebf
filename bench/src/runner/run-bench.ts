import { fork } from 'node:child_process';
import type { BenchMessage } from './bench-process.ts';

/** Runs one bench in a process of its own. Resolves when that has ended, however: a failure is a message too. */
export function runBench(name: string, quick: boolean, take: (message: BenchMessage) => void): Promise<void> {
  const child = fork(new URL('./bench-process.ts', import.meta.url), [name, quick ? 'quick' : 'full']);
  return new Promise((resolve) => {
    child.on('message', (message) => take(message as BenchMessage));
    child.once('exit', (code, signal) => {
      if (code !== 0) take({ type: 'failed', error: `its process ended with ${signal ?? code}` });
      resolve();
    });
  });
}
