import { readdirSync, readFileSync } from 'node:fs';

/** Whether the machine tells what processes use (Linux). */
export function canMeasureTrees(): boolean {
  try {
    return threadTimes(process.pid).size > 0;
  } catch {
    return false;
  }
}

/** CPU and memory of a process with everything it has started, the media host's process for example. */
export class ProcessTree {
  readonly #root: number;

  constructor(root: number) {
    this.#root = root;
  }

  /** CPU time that is used while `wait` is pending, in milliseconds. */
  async cpuMs(wait: Promise<unknown>): Promise<number> {
    const before = this.#times();
    await wait;
    let total = 0;
    for (const [thread, ms] of this.#times()) total += ms - (before.get(thread) ?? 0);
    return total;
  }

  /** Megabytes in memory; pages that several processes share count once. */
  memoryMb(): number {
    return this.#members().reduce((sum, pid) => sum + proportionalKb(pid), 0) / 1024;
  }

  #times(): Map<string, number> {
    return new Map(this.#members().flatMap((pid) => [...threadTimes(pid)]));
  }

  #members(): number[] {
    const parents = new Map<number, number>();
    for (const entry of readdirSync('/proc')) {
      const pid = Number(entry);
      const parent = Number.isInteger(pid) ? parentOf(pid) : undefined;
      if (parent !== undefined) parents.set(pid, parent);
    }
    const members = [this.#root];
    for (const member of members) for (const [pid, parent] of parents) if (parent === member) members.push(pid);
    return members;
  }
}

function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name before it is in brackets and may hold anything.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** CPU time of each thread in milliseconds, by process and thread. */
function threadTimes(pid: number): Map<string, number> {
  const times = new Map<string, number>();
  let threads: string[] = [];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended meanwhile.
  }
  for (const thread of threads) {
    const text = read(`/proc/${pid}/task/${thread}/schedstat`);
    if (text !== undefined) times.set(`${pid}/${thread}`, Number(text.split(' ')[0]) / 1e6);
  }
  return times;
}

function proportionalKb(pid: number): number {
  const text = read(`/proc/${pid}/smaps_rollup`);
  return Number(/^Pss:\s+(\d+)/m.exec(text ?? '')?.[1] ?? 0);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
