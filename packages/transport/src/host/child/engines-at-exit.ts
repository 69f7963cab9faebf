import type { Cancel } from '@sluice/core';

const running = new Set<() => void>();

const endAll = () => {
  for (const end of running) end();
};

/**
 * Ends an engine with this program, however the program ends of itself: one that stands still does not notice that its pipe
 * is closed. Take it back when the engine is gone.
 */
export function endAtExit(end: () => void): Cancel {
  if (running.size === 0) process.on('exit', endAll);
  running.add(end);
  return () => {
    running.delete(end);
    if (running.size === 0) process.off('exit', endAll);
  };
}
