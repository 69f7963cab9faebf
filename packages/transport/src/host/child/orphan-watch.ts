/** How often is looked between messages, in milliseconds. */
const LOOK_EVERY_MS = 200;

/**
 * Ends this process at once when its parent is gone, without regard to what is queued or to threads of the engine: the end
 * of the pipe comes only behind everything that is in it.
 *
 * @param parent Process id of the parent.
 * @returns what looks now, to be called between two messages too: many of them may take seconds.
 */
export function watchParent(parent: number): () => void {
  const look = () => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  };
  setInterval(look, LOOK_EVERY_MS).unref();
  return look;
}
