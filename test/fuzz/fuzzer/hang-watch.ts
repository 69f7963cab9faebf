import { Worker } from 'node:worker_threads';
import type { FuzzTarget } from './fuzz-target.ts';

/** After so long an input that has not come back is told and the process ended. In milliseconds. */
const PATIENCE_MS = 10_000;

/** Runs in a thread of its own: the one that hangs cannot say so. */
const watcher = `
const { workerData: { state, bytes, patience } } = require('node:worker_threads');
const { writeSync } = require('node:fs');
let seen = -1;
setInterval(() => {
  const turn = Atomics.load(state, 0);
  if (turn !== seen || turn % 2 === 0) return void (seen = turn);
  const input = Buffer.from(bytes.slice(0, Atomics.load(state, 1))).toString('base64');
  writeSync(1, JSON.stringify({ hang: input }) + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, patience);
`;

/** The target, watched: an input that does not end is written to standard output as `{ hang: base64 }`, and the process ends. */
export function watched(target: FuzzTarget): { readonly target: FuzzTarget; readonly close: () => Promise<number> } {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const bytes = new Uint8Array(new SharedArrayBuffer(2 ** 20));
  const worker = new Worker(watcher, { eval: true, workerData: { state, bytes, patience: PATIENCE_MS } });
  worker.unref();
  const run = (input: Uint8Array) => {
    bytes.set(input.subarray(0, bytes.length));
    Atomics.store(state, 1, Math.min(input.length, bytes.length));
    // Odd while an input runs.
    Atomics.add(state, 0, 1);
    let running: void | Promise<void>;
    try {
      running = target.run(input);
    } catch (error) {
      Atomics.add(state, 0, 1);
      throw error;
    }
    if (running === undefined) return void Atomics.add(state, 0, 1);
    return running.finally(() => Atomics.add(state, 0, 1));
  };
  return { target: { ...target, run }, close: () => worker.terminate() };
}
