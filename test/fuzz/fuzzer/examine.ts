import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FuzzTarget } from './fuzz-target.ts';
import { isOurs } from './is-ours.ts';

/** What one input may cost. */
export const MOST_MS = 50;
export const MOST_BYTES = 16 * 2 ** 20;

export type FaultKind = 'error' | 'slow' | 'memory';

export interface Fault {
  readonly kind: FaultKind;
  /** The same for the same fault, also with another input. */
  readonly name: string;
  readonly detail: string;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export const heldBytes = (): number => {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
};

/** Runs the target. Undefined for a value and for one of our errors. */
export async function outcomeOf(target: FuzzTarget, input: Uint8Array): Promise<Fault | undefined> {
  try {
    const running = target.run(input);
    // Most readers are synchronous: a turn of the event loop would cost more than they do.
    if (running !== undefined) await running;
    return undefined;
  } catch (error) {
    return faultOf(target, error);
  }
}

export function faultOf(target: FuzzTarget, error: unknown): Fault | undefined {
  if (isOurs(error)) return undefined;
  if (error instanceof Error && target.documents?.(error)) return undefined;
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const place =
    stack
      .split('\n')
      .find((line) => /\/(?:packages|test)\//.test(line))
      ?.trim() ?? 'nowhere';
  return { kind: 'error', name: `${name} ${place}`, detail: `${name}: ${message}` };
}

/**
 * Runs one input alone, several times, and blames it only for what it costs each time: a collection of garbage or a busy
 * machine costs once.
 */
export async function examine(target: FuzzTarget, input: Uint8Array): Promise<Fault | undefined> {
  let ms = Number.POSITIVE_INFINITY;
  let bytes = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3 && (ms > MOST_MS || bytes > MOST_BYTES); round++) {
    // Memory of typed arrays is given back beside the collection; the next one waits for that.
    collect();
    collect();
    const before = heldBytes();
    // Time of the processor alone: a neighbour on it is no fault of the input.
    const begun = process.cpuUsage();
    const fault = await outcomeOf(target, input);
    if (fault !== undefined) return fault;
    const { user, system } = process.cpuUsage(begun);
    ms = Math.min(ms, (user + system) / 1_000);
    bytes = Math.min(bytes, heldBytes() - before);
  }
  if (ms > MOST_MS) return { kind: 'slow', name: 'slow', detail: `${Math.round(ms)} ms for one input` };
  if (bytes > MOST_BYTES)
    return { kind: 'memory', name: 'memory', detail: `${Math.round(bytes / 2 ** 20)} MB for one input` };
  return undefined;
}
