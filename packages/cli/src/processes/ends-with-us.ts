import type { ChildProcess } from 'node:child_process';
import { EndedBy } from '../terms/ended-by.ts';

/** For `spawn`: a group of its own, so that the Ctrl-C of a terminal reaches a program once, handed on by us, and not twice. */
export const ownGroup = { detached: process.platform !== 'win32' } as const;

/**
 * Hands a signal that this process is sent on to a child in a group of its own, and leaves nothing of the group behind where this
 * process ends first: who asks twice does not wait.
 *
 * @param to who is told: all of the group, of what we were told, as a terminal would; or the child alone, by SIGTERM, which tells
 * its own children
 */
export function endsWithUs(child: ChildProcess, signal: AbortSignal, to: 'group' | 'child' = 'child'): void {
  const end = () => {
    const { reason } = signal;
    send(child, to === 'group' && reason instanceof EndedBy ? reason.signal : 'SIGTERM', to);
  };
  const kill = () => send(child, 'SIGKILL', 'group');
  const isGone = () => {
    signal.removeEventListener('abort', end);
    process.off('exit', kill);
  };
  child.once('exit', isGone).once('error', isGone);
  process.once('exit', kill);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
}

function send(child: ChildProcess, name: NodeJS.Signals, to: 'group' | 'child'): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  if (to === 'child' || !ownGroup.detached) return void child.kill(name);
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has just ended by itself.
  }
}
