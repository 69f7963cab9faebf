import { readdirSync, readFileSync } from 'node:fs';

/** What some processes use. */
export interface ProcessUse {
  /** CPU time so far, in milliseconds; of processes that have ended as well. */
  readonly cpuMs: number;
  /** Resident memory, in MiB. What they share counts once. */
  readonly memoryMb: number;
}

/** Linux counts CPU time in these, whatever its clock does. */
const TICK_MS = 10;

/**
 * What this process and all that it has started use: the media engine is a process of its own, and the larger part of a bot. It takes
 * a fraction of a millisecond.
 *
 * @returns undefined where the system does not tell it, which only Linux does
 */
export function readProcessTree(): ProcessUse | undefined {
  const members = [process.pid];
  let cpuMs = 0;
  let memoryKb = 0;
  try {
    for (const pid of members) {
      const isOwn = pid === process.pid;
      const use = useOf(pid, isOwn);
      if (use === undefined) continue;
      cpuMs += use.cpuMs;
      memoryKb += use.memoryKb;
      members.push(...childrenOf(pid));
    }
  } catch {
    return undefined;
  }
  return { cpuMs, memoryMb: memoryKb / 1024 };
}

/** @returns undefined for one that has ended */
function useOf(pid: number, isOwn: boolean): { readonly cpuMs: number; readonly memoryKb: number } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const status = read(`/proc/${pid}/status`);
  if (stat === undefined || status === undefined) {
    if (isOwn) throw new Error('no /proc');
    return undefined;
  }
  // The name before it is in brackets and may hold anything. The times of children that have ended follow the process's own.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const memory = (isOwn ? /^VmRSS:\s+(\d+)/m : /^RssAnon:\s+(\d+)/m).exec(status);
  return { cpuMs: ticks * TICK_MS, memoryKb: Number(memory?.[1] ?? 0) };
}

/** A process is the child of the thread that started it. @throws Error where the kernel was built without the list */
function childrenOf(pid: number): number[] {
  const children: number[] = [];
  let threads: readonly string[] = [];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended meanwhile.
  }
  for (const thread of threads) {
    const list = read(`/proc/${pid}/task/${thread}/children`);
    if (list === undefined && pid === process.pid && Number(thread) === pid) throw new Error('no list of children');
    for (const child of (list ?? '').split(' ')) if (child !== '') children.push(Number(child));
  }
  return children;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
