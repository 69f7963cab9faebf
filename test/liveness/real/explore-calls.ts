import { trackFrames } from '@sluice/core/testing';
import { startRoomServer } from '@sluice/transport';
import { DeviceRegistry } from '../../../packages/transport/src/devices/registry.ts';
import { createInProcessHost } from '../../../packages/transport/src/host/engine/in-process-host.ts';
import type { FailedSequence } from '../explore-block.ts';
import { LoopLag } from './loop-lag.ts';
import { runCall } from './run-call.ts';

/** A process that came later than this to its timers had no time for a call, in milliseconds. */
const MOST_LAG_MS = 200;

export interface ExploreCallsOptions {
  /** Of the first; each next one has the next. */
  readonly seed: number;
  readonly runs: number;
  /** Calls side by side. */
  readonly parallel: number;
  /** Deeds in a sequence at most. */
  readonly most: number;
  /** Told after each. */
  readonly onDone?: (done: number, failed: FailedSequence | undefined) => void;
}

export interface ExploredCalls {
  readonly runs: number;
  readonly failures: readonly FailedSequence[];
  /** What failed while the machine had no time for it, and passed when it was run again alone. */
  readonly strained: readonly FailedSequence[];
  /** What nobody took, and what is left when all calls are over. */
  readonly leaks: readonly string[];
}

/** Runs sequences over real calls, in rooms of one server. */
export async function exploreCalls(options: ExploreCallsOptions): Promise<ExploredCalls> {
  const { seed, runs, parallel, most, onDone } = options;
  const frames = trackFrames();
  const lag = new LoopLag();
  const leaks: string[] = [];
  const onRejection = (reason: unknown) =>
    void leaks.push(`nobody took: ${reason instanceof Error ? reason.stack : String(reason)}`);
  process.on('unhandledRejection', onRejection);
  const server = await startRoomServer();
  const devices = new DeviceRegistry({ createHost: createInProcessHost });
  const failures: FailedSequence[] = [];
  const strained: FailedSequence[] = [];
  let begun = 0;
  let done = 0;
  const run = (of: number) => runCall({ seed: of, server, devices }, most);
  const work = async () => {
    while (begun < runs) {
      const since = performance.now();
      const failed = await run(seed + begun++);
      if (failed !== undefined) (lag.since(since) > MOST_LAG_MS ? strained : failures).push(failed);
      done++;
      onDone?.(done, failed);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(parallel, runs) }, work));
    for (const one of [...strained]) {
      const again = await run(one.seed);
      if (again === undefined) continue;
      strained.splice(strained.indexOf(one), 1);
      failures.push(again);
    }
  } finally {
    await devices.close();
    await server.close();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', onRejection);
    lag.close();
    frames.stop();
  }
  if (frames.open > 0) leaks.push(`${frames.open} frames left in ${frames.list().map(({ node }) => node)}`);
  return { runs: done, failures, strained, leaks };
}
