import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Pipeline {
  readonly source: readonly string[];
  /** What is measured. */
  readonly extra: readonly string[];
  readonly sink: readonly string[];
  /** How often; the best counts. */
  readonly rounds: number;
}

/**
 * What `extra` elements add to a pipeline, in milliseconds: the time with them minus the time without, which takes
 * process start and the ends out. Undefined without gst-launch-1.0.
 */
export async function gstreamerMs({ source, extra, sink, rounds }: Pipeline): Promise<number | undefined> {
  let withExtra = Number.POSITIVE_INFINITY;
  let without = Number.POSITIVE_INFINITY;
  try {
    for (let i = 0; i < rounds; i++) {
      without = Math.min(without, await launchMs([...source, ...sink]));
      withExtra = Math.min(withExtra, await launchMs([...source, ...extra, ...sink]));
    }
  } catch {
    return undefined;
  }
  return withExtra - without;
}

async function launchMs(pipeline: readonly string[]): Promise<number> {
  const start = performance.now();
  await run('gst-launch-1.0', ['-q', ...pipeline]);
  return performance.now() - start;
}
