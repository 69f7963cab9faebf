import { readdirSync, readFileSync } from 'node:fs';

/** Processor time in seconds. */
export interface CpuTime {
  readonly own: number;
  /** Of its child processes: the media engine. */
  readonly children: number;
}

/** Ticks a second in /proc, the same on every Linux that Node runs on. */
const TICKS = 100;

/** Processor time of a process and its children so far; undefined where the system does not tell (no /proc). */
export function cpuTime(pid: number): CpuTime | undefined {
  try {
    const children = readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((entry) => statOf(entry) ?? [])
      .filter(({ parent }) => parent === pid);
    const own = statOf(String(pid));
    if (own === undefined) return undefined;
    return { own: own.seconds, children: children.reduce((sum, { seconds }) => sum + seconds, 0) };
  } catch {
    return undefined;
  }
}

function statOf(pid: string): { parent: number; seconds: number } | undefined {
  try {
    // The name of the program is in parentheses and may hold anything; what follows is numbers.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS };
  } catch {
    return undefined; // It has ended meanwhile.
  }
}
