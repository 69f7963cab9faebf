import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Whether processes can be kept on one core here: Linux with `taskset` and a second core for everything else. */
export function canPin(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return availableParallelism() > 1;
  } catch {
    return false;
  }
}

/** Keeps a process, and what it starts from now on, on the first core, or on all but that. */
export function pin(pid: number, to: 'first' | 'others'): void {
  const cores = to === 'first' ? '0' : `1-${availableParallelism() - 1}`;
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)], { stdio: 'ignore' });
}
